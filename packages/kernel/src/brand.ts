declare const brand: unique symbol

/** A value of type `T` that was checked once, where it was minted or parsed, and is trusted from there on. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
