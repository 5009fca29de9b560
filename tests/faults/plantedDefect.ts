// Loaded into a server before anything of it (`--import`): a defect that no code of ours catches, at a moment that a test chooses.
process.on('SIGUSR2', () => {
  if (process.env['PLANTED_DEFECT'] === 'rejection') void Promise.reject(new Error('planted rejection'))
  else
    setImmediate(() => {
      throw new Error('planted exception')
    })
})
