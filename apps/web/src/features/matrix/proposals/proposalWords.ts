import type { ProposalPlace } from '@dongbo/model/matrix/proposals/place.ts'
import { shortName } from '#features/body/bodyName.ts'
import { text, type Language } from '#i18n/catalogue.ts'
import { fieldName } from '../editNames.ts'
import type { MatrixContextValue } from '../MatrixContext.ts'

/** A place within its task, as people know it. */
export function placeWords(place: ProposalPlace, { bodies }: MatrixContextValue, language: Language): string {
  if (place.on !== 'cell') return fieldName(place.field)
  const body = bodies.get(place.body)
  return text('drawer.myRole', { body: body === undefined ? place.body : shortName(body, language) })
}
