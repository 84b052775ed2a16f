/*
 * Preloaded into a process, lets its system calls fail: the Nth of one kind while it is armed, once or from there on, and
 * only for files below one directory. The process itself says which, in a file that is shared memory (fault-control.ts has
 * the same numbers in the same order).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum call { OPEN, READ, PREAD, PWRITE, WRITE, FSYNC, FDATASYNC, FTRUNCATE, MKDIR, UNLINK, RMDIR, LOCK, MMAP, FSTAT, CALLS };

struct control {
  int32_t armed, call, error, nth, onward, failed;
  int32_t seen[CALLS];
};

static struct control *control;
static const char *below;
static size_t below_length;

#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
  char path[PATH_MAX];
  const char *directory = getenv("DISKCACHE_FAIL_CONTROL");
  below = getenv("DISKCACHE_FAIL_BELOW");
  if (directory == NULL || below == NULL) return;
  below_length = strlen(below);
  snprintf(path, sizeof path, "%s/control-%d", directory, (int)getpid());
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || ftruncate(fd, sizeof(struct control)) != 0) return;
  void *memory = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (memory != MAP_FAILED) control = memory;
}

static int is_below(const char *path) { return path != NULL && strncmp(path, below, below_length) == 0; }

static int is_open_below(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_below(path);
}

/* Whether this call, which concerns a file below the directory, is one that fails; sets errno then. */
static int fails(enum call call) {
  int32_t number = __atomic_add_fetch(&control->seen[call], 1, __ATOMIC_SEQ_CST);
  if (control->call != (int32_t)call) return 0;
  if (number != control->nth && !(control->onward && number > control->nth)) return 0;
  __atomic_add_fetch(&control->failed, 1, __ATOMIC_SEQ_CST);
  errno = control->error;
  return 1;
}

static int is_armed(void) { return control != NULL && control->armed; }

static int fails_at(enum call call, const char *path) { return is_armed() && is_below(path) && fails(call); }

static int fails_on(enum call call, int fd) { return is_armed() && fd >= 0 && is_open_below(fd) && fails(call); }

#define MODE_OF(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | __O_TMPFILE)) { \
    va_list rest; \
    va_start(rest, flags); \
    mode = va_arg(rest, mode_t); \
    va_end(rest); \
  }

#define WRAP_OPEN(name) \
  int name(const char *path, int flags, ...) { \
    MODE_OF(flags) \
    REAL(name); \
    return fails_at(OPEN, path) ? -1 : real(path, flags, mode); \
  }

#define WRAP_OPENAT(name) \
  int name(int directory, const char *path, int flags, ...) { \
    MODE_OF(flags) \
    REAL(name); \
    return fails_at(OPEN, path) ? -1 : real(directory, path, flags, mode); \
  }

#define WRAP_PREAD(name, offset_type) \
  ssize_t name(int fd, void *bytes, size_t size, offset_type offset) { \
    REAL(name); \
    return fails_on(PREAD, fd) ? -1 : real(fd, bytes, size, offset); \
  }

#define WRAP_PWRITE(name, offset_type) \
  ssize_t name(int fd, const void *bytes, size_t size, offset_type offset) { \
    REAL(name); \
    return fails_on(PWRITE, fd) ? -1 : real(fd, bytes, size, offset); \
  }

#define WRAP_FTRUNCATE(name, offset_type) \
  int name(int fd, offset_type length) { \
    REAL(name); \
    return fails_on(FTRUNCATE, fd) ? -1 : real(fd, length); \
  }

#define WRAP_MMAP(name, offset_type) \
  void *name(void *address, size_t length, int protection, int flags, int fd, offset_type offset) { \
    REAL(name); \
    return fails_on(MMAP, fd) ? MAP_FAILED : real(address, length, protection, flags, fd, offset); \
  }

#define WRAP_FSTAT(name, stat_type) \
  int name(int fd, stat_type *result) { \
    REAL(name); \
    return fails_on(FSTAT, fd) ? -1 : real(fd, result); \
  }

/* What takes a lock; nothing is short when one is given back. */
static int takes_lock(int command, const void *argument) {
  return command == F_SETLK && ((const struct flock *)argument)->l_type != F_UNLCK;
}

#define WRAP_FCNTL(name) \
  int name(int fd, int command, ...) { \
    va_list rest; \
    va_start(rest, command); \
    void *argument = va_arg(rest, void *); \
    va_end(rest); \
    REAL(name); \
    return takes_lock(command, argument) && fails_on(LOCK, fd) ? -1 : real(fd, command, argument); \
  }

#define WRAP_PATH(call, name, parameters, arguments) \
  int name parameters { \
    REAL(name); \
    return fails_at(call, path) ? -1 : real arguments; \
  }

#define WRAP_SYNC(call, name) \
  int name(int fd) { \
    REAL(name); \
    return fails_on(call, fd) ? -1 : real(fd); \
  }

WRAP_OPEN(open)
WRAP_OPEN(open64)
WRAP_OPENAT(openat)
WRAP_OPENAT(openat64)
WRAP_PREAD(pread, off_t)
WRAP_PREAD(pread64, off64_t)
WRAP_PWRITE(pwrite, off_t)
WRAP_PWRITE(pwrite64, off64_t)
WRAP_FTRUNCATE(ftruncate, off_t)
WRAP_FTRUNCATE(ftruncate64, off64_t)
WRAP_MMAP(mmap, off_t)
WRAP_MMAP(mmap64, off64_t)
WRAP_FSTAT(fstat, struct stat)
WRAP_FSTAT(fstat64, struct stat64)
WRAP_FCNTL(fcntl)
WRAP_FCNTL(fcntl64)
WRAP_SYNC(FSYNC, fsync)
WRAP_SYNC(FDATASYNC, fdatasync)
WRAP_PATH(MKDIR, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP_PATH(UNLINK, unlink, (const char *path), (path))
WRAP_PATH(RMDIR, rmdir, (const char *path), (path))

ssize_t read(int fd, void *bytes, size_t size) {
  REAL(read);
  return fails_on(READ, fd) ? -1 : real(fd, bytes, size);
}

ssize_t write(int fd, const void *bytes, size_t size) {
  REAL(write);
  return fails_on(WRITE, fd) ? -1 : real(fd, bytes, size);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev);
  return fails_on(WRITE, fd) ? -1 : real(fd, parts, count);
}

/* Node has no other way to fstat. */
long syscall(long number, ...) {
  long a[6];
  va_list rest;
  va_start(rest, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(rest, long);
  va_end(rest);
  REAL(syscall);
  int is_fstat = number == SYS_statx && a[1] != 0 && *(const char *)a[1] == 0;
  return is_fstat && fails_on(FSTAT, (int)a[0]) ? -1 : real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
