import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { bytes } from './bytes.ts'

/** Instants are stored in UTC with their zone; civil dates of Viet Nam as `date`. */
const instantColumn = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

export const body = pgTable(
  'body',
  {
    id: text('id').primaryKey(),
    kind: text('kind').notNull(),
    nameVi: text('name_vi').notNull(),
    nameEn: text('name_en').notNull(),
    abbr: text('abbr').notNull(),
    parentId: text('parent_id'),
    validFrom: date('valid_from', { mode: 'string' }),
    validTo: date('valid_to', { mode: 'string' }),
    successorIds: text('successor_ids').array().notNull(),
    /** Place in protocol order. */
    position: integer('position').notNull(),
  },
  (table) => [foreignKey({ columns: [table.parentId], foreignColumns: [table.id] })],
)

export const person = pgTable(
  'person',
  {
    id: text('id').primaryKey(),
    bodyId: text('body_id')
      .notNull()
      .references(() => body.id),
    email: text('email').notNull(),
    displayName: text('display_name').notNull(),
    /** argon2id in PHC form; null for a person who signs in elsewhere. */
    passwordHash: text('password_hash'),
    kind: text('kind').notNull(),
    active: boolean('active').notNull().default(true),
    systemAdmin: boolean('system_admin').notNull().default(false),
  },
  (table) => [
    uniqueIndex('person_email_key').on(table.email),
    check('person_email_lower', sql`${table.email} = lower(${table.email})`),
    check('person_kind_known', sql`${table.kind} in ('officer', 'approver', 'body_admin')`),
  ],
)

export const session = pgTable(
  'session',
  {
    /** SHA-256 of the opaque token in hexadecimal: who reads this table cannot sign in with it. */
    id: text('id').primaryKey(),
    personId: text('person_id')
      .notNull()
      .references(() => person.id, { onDelete: 'cascade' }),
    createdAt: instantColumn('created_at').notNull(),
    lastSeenAt: instantColumn('last_seen_at').notNull(),
    /** However busy the session is, it ends here. */
    expiresAt: instantColumn('expires_at').notNull(),
  },
  (table) => [index('session_person').on(table.personId), index('session_expiry').on(table.expiresAt)],
)

/** From where people have signed in with their password: guesses from elsewhere do not keep them out there. */
export const knownPlace = pgTable(
  'known_place',
  {
    personId: text('person_id')
      .notNull()
      .references(() => person.id, { onDelete: 'cascade' }),
    /** Digest of a network. */
    place: text('place').notNull(),
    lastAt: instantColumn('last_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.personId, table.place] })],
)

export const plan = pgTable('plan', {
  id: text('id').primaryKey(),
  titleVi: text('title_vi').notNull(),
  titleEn: text('title_en').notNull(),
  year: integer('year').notNull(),
  status: text('status').notNull(),
})

/** The bodies of a plan: the columns of its matrix. */
export const planBody = pgTable(
  'plan_body',
  {
    planId: text('plan_id')
      .notNull()
      .references(() => plan.id),
    bodyId: text('body_id')
      .notNull()
      .references(() => body.id),
    role: text('role').notNull(),
    position: integer('position').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.planId, table.bodyId] }),
    check('plan_body_role_known', sql`${table.role} in ('member', 'observer')`),
  ],
)

/** People whose part in a plan differs from their body's. */
export const planPerson = pgTable(
  'plan_person',
  {
    planId: text('plan_id')
      .notNull()
      .references(() => plan.id),
    personId: text('person_id')
      .notNull()
      .references(() => person.id),
    role: text('role').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.planId, table.personId] }),
    check('plan_person_role_known', sql`${table.role} in ('coordinator', 'observer')`),
  ],
)

/** Public holidays and days in lieu; the Prime Minister fixes them year by year. */
export const dayOff = pgTable('day_off', {
  date: date('date', { mode: 'string' }).primaryKey(),
  nameVi: text('name_vi').notNull(),
  nameEn: text('name_en').notNull(),
})

export const document = pgTable('document', {
  name: text('name').primaryKey(),
  generation: text('generation').notNull(),
  createdAt: instantColumn('created_at').notNull(),
  /** Set while the document is put aside because it is damaged: nobody opens or writes it, and nothing of it goes. */
  quarantinedAt: instantColumn('quarantined_at'),
  /** What was found, in sentences for who runs the server. */
  quarantinedBecause: text('quarantined_because'),
})

/** The log: the truth about every document. Only ever appended to, but for its beginning, which becomes compact. */
export const documentUpdate = pgTable(
  'document_update',
  {
    document: text('document')
      .notNull()
      .references(() => document.name),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    data: bytes('data').notNull(),
    /** CRC-32 of `data`: finds what a failing disk changes silently. */
    crc32: bigint('crc32', { mode: 'number' }).notNull(),
    personId: text('person_id'),
    bodyId: text('body_id'),
    at: instantColumn('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.document, table.seq] })],
)

/** The beginning of the log in compact form: one row an author and minute, its positions counted author by author. */
export const documentHistory = pgTable(
  'document_history',
  {
    document: text('document')
      .notNull()
      .references(() => document.name),
    fromSeq: bigint('from_seq', { mode: 'number' }).notNull(),
    toSeq: bigint('to_seq', { mode: 'number' }).notNull(),
    data: bytes('data').notNull(),
    crc32: bigint('crc32', { mode: 'number' }).notNull(),
    personId: text('person_id'),
    bodyId: text('body_id'),
    fromAt: instantColumn('from_at').notNull(),
    toAt: instantColumn('to_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.document, table.fromSeq] })],
)

export const documentSnapshot = pgTable(
  'document_snapshot',
  {
    document: text('document')
      .notNull()
      .references(() => document.name),
    upTo: bigint('up_to', { mode: 'number' }).notNull(),
    data: bytes('data').notNull(),
    sha256: text('sha256').notNull(),
  },
  (table) => [primaryKey({ columns: [table.document, table.upTo] })],
)

/** Which person a Yjs client id belongs to, for the life of the document. */
export const documentClient = pgTable(
  'document_client',
  {
    document: text('document')
      .notNull()
      .references(() => document.name),
    clientId: bigint('client_id', { mode: 'number' }).notNull(),
    personId: text('person_id').notNull(),
    /** Nobody writes under it just now: the same person may be given it again. */
    free: boolean('free').notNull().default(false),
    /** When it was last leased, or bound; by the database's clock. */
    heldAt: instantColumn('held_at').notNull().defaultNow(),
    /** Given out again although its holder never freed it: two copies may have written different things under it. */
    passedOn: boolean('passed_on').notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.document, table.clientId] })],
)

/** Which server process may write a document. A row stays when it is given up: its token must go on growing. */
export const documentLease = pgTable(
  'document_lease',
  {
    document: text('document')
      .primaryKey()
      .references(() => document.name),
    /** Null when nobody holds it. */
    holder: text('holder'),
    token: bigint('token', { mode: 'number' }).notNull(),
    /** By the database's clock, which all processes share. */
    endsAt: instantColumn('ends_at').notNull(),
  },
  (table) => [index('document_lease_holder').on(table.holder)],
)

/** Facts about this installation, one value a key. */
export const setting = pgTable('setting', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
})
