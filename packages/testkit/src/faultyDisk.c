/* Loaded before the C library: lies about a disk. What it does stands in the file that FAULTY_DISK names, read at every call:
 * "ok", "eio" (every sync fails, as after a lost write), "slow 2000" (every sync takes so many milliseconds). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void note(const char *what) {
  const char *path = getenv("FAULTY_DISK_CALLS");
  if (path == NULL) return;
  int file = open(path, O_WRONLY | O_APPEND | O_CREAT, 0666);
  if (file < 0) return;
  (void)!write(file, what, strlen(what));
  close(file);
}

/* Returns -1 when the call has to fail. */
static int lie(void) {
  char said[64] = "";
  const char *path = getenv("FAULTY_DISK");
  int file = path == NULL ? -1 : open(path, O_RDONLY);
  if (file >= 0) {
    ssize_t length = read(file, said, sizeof said - 1);
    said[length < 0 ? 0 : length] = 0;
    close(file);
  }
  if (strncmp(said, "eio", 3) == 0) {
    note("e");
    errno = EIO;
    return -1;
  }
  long milliseconds = 0;
  if (sscanf(said, "slow %ld", &milliseconds) == 1) {
    struct timespec pause = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};
    nanosleep(&pause, NULL);
  }
  note("s");
  return 0;
}

int fsync(int descriptor) {
  int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
  return lie() < 0 ? -1 : real(descriptor);
}

int fdatasync(int descriptor) {
  int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
  return lie() < 0 ? -1 : real(descriptor);
}
