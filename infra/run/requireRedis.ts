/** A suite without its service must fail, never pass by testing nothing. */
export default function requireRedis(): void {
  if (!process.env['TEST_REDIS_URL'])
    throw new Error('TEST_REDIS_URL is not set; point it at a Redis or Valkey server that may be flushed')
}
