/** A suite without its service must fail, never pass by testing nothing. */
export default function requirePostgres(): void {
  if (!process.env['TEST_PG_URL'])
    throw new Error(
      'TEST_PG_URL is not set; point it at a PostgreSQL server on which databases may be made and dropped',
    )
}
