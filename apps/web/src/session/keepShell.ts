/** Lets the built page start without the network from now on. Where the browser has no such thing, nothing happens. */
export function keepShell(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  // After everything that the first look at the page needs.
  window.addEventListener('load', () => {
    navigator.serviceWorker.register('/serviceWorker.js', { updateViaCache: 'none' }).catch(() => {
      // Forbidden, or the server went away meanwhile: the page works, and starts offline another time.
    })
  })
}
