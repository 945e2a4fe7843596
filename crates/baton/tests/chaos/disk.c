/*
 * A disk that forgets what was not synced, loaded in front of the C library of a server under test.
 *
 * Writes to the files of a database go where they always go, and are remembered. When a file is synced, what was written
 * to it since is copied to its twin in the folder BATON_DISK_KEPT. So the twins hold what a disk is obliged to have after
 * a power cut, and the files themselves what it may have. Nothing else of what the server does is touched.
 *
 * While the file `full` is in that folder, writes fail as on a full disk; while `slow` is there, each sync takes as many
 * milliseconds as it says; while `lies` is there, syncing keeps nothing; once `cut` is there, the power goes in the middle
 * of a sync that has something to do: of the first, or of the one that it says.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define FDS 4096
#define FILES 16
#define RANGES 65536

struct range {
  off_t from, to;
};

struct kept {
  dev_t device;
  ino_t inode;
  int twin;
  size_t count;
  struct range ranges[RANGES];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct kept *files[FILES];
static struct kept *by_fd[FDS];

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void fail(const char *why) {
  fprintf(stderr, "the forgetful disk: %s\n", why);
  abort();
}

static int is_there(const char *name) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/%s", getenv("BATON_DISK_KEPT"), name);
  return access(path, F_OK) == 0;
}

/* The number in a file of the folder; 0 when there is none. */
static unsigned number_in(const char *name) {
  char path[PATH_MAX];
  unsigned number = 0;
  snprintf(path, sizeof path, "%s/%s", getenv("BATON_DISK_KEPT"), name);
  FILE *file = fopen(path, "re");
  if (!file) return 0;
  if (fscanf(file, "%u", &number) != 1) number = 0;
  fclose(file);
  return number;
}

static int ends_with(const char *text, const char *end) {
  size_t long_ = strlen(text), short_ = strlen(end);
  return long_ >= short_ && strcmp(text + long_ - short_, end) == 0;
}

static void opened(int fd, const char *path) {
  if (fd < 0 || !path || !getenv("BATON_DISK_KEPT")) return;
  if (!ends_with(path, "baton.db") && !ends_with(path, "baton.db-wal") && !ends_with(path, "baton.db-journal")) return;
  struct stat about;
  if (fd >= FDS || fstat(fd, &about) != 0) fail("a file that cannot be looked at");
  pthread_mutex_lock(&lock);
  struct kept *file = NULL;
  int free_place = -1;
  for (int i = 0; i < FILES; i++) {
    if (files[i] && files[i]->device == about.st_dev && files[i]->inode == about.st_ino) file = files[i];
    if (!files[i] && free_place < 0) free_place = i;
  }
  if (!file) {
    if (free_place < 0) fail("too many files");
    char twin[PATH_MAX];
    snprintf(twin, sizeof twin, "%s%s", getenv("BATON_DISK_KEPT"), strrchr(path, '/'));
    file = calloc(1, sizeof *file);
    if (!file) fail("no memory");
    file->device = about.st_dev;
    file->inode = about.st_ino;
    file->twin = REAL(open)(twin, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file->twin < 0) fail("a twin that cannot be opened");
    files[free_place] = file;
  }
  by_fd[fd] = file;
  pthread_mutex_unlock(&lock);
}

static struct kept *kept_of(int fd) { return fd >= 0 && fd < FDS ? by_fd[fd] : NULL; }

static void written(struct kept *file, off_t from, off_t to) {
  pthread_mutex_lock(&lock);
  struct range *last = file->count ? &file->ranges[file->count - 1] : NULL;
  if (last && last->to == from) {
    last->to = to;
  } else {
    if (file->count == RANGES) fail("too much was written without a sync");
    file->ranges[file->count++] = (struct range){from, to};
  }
  pthread_mutex_unlock(&lock);
}

/* What was written to the file is on the disk from now on. */
static void synced(int fd, struct kept *file) {
  static char buffer[1 << 16];
  struct stat about;
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < file->count; i++) {
    struct range range = file->ranges[i];
    while (range.from < range.to) {
      size_t most = (size_t)(range.to - range.from) < sizeof buffer ? (size_t)(range.to - range.from) : sizeof buffer;
      ssize_t read_ = pread(fd, buffer, most, range.from);
      if (read_ <= 0) break;
      if (REAL(pwrite)(file->twin, buffer, (size_t)read_, range.from) != read_) fail("a twin that cannot be written");
      range.from += read_;
    }
  }
  file->count = 0;
  if (fstat(fd, &about) != 0 || REAL(ftruncate)(file->twin, about.st_size) != 0) fail("a twin that cannot be cut");
  pthread_mutex_unlock(&lock);
}

/* Whether the power goes in the middle of this sync. */
static int power_goes(struct kept *file) {
  static unsigned left;
  pthread_mutex_lock(&lock);
  if (!left) left = number_in("cut");
  int goes = left && file->count && --left == 0;
  pthread_mutex_unlock(&lock);
  return goes;
}

static int sync_(int fd, int (*real)(int)) {
  struct kept *file = kept_of(fd);
  if (!file) return real(fd);
  usleep(number_in("slow") * 1000);
  if (power_goes(file)) raise(SIGKILL);
  if (!is_there("lies")) synced(fd, file);
  return 0;
}

int fsync(int fd) { return sync_(fd, REAL(fsync)); }
int fdatasync(int fd) { return sync_(fd, REAL(fdatasync)); }

#define OPEN(name)                                          \
  int name(const char *path, int flags, ...) {              \
    va_list more;                                           \
    va_start(more, flags);                                  \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(more, int) : 0; \
    va_end(more);                                           \
    int fd = REAL(name)(path, flags, mode);                 \
    opened(fd, path);                                       \
    return fd;                                              \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  if (kept_of(fd)) by_fd[fd] = NULL;
  return REAL(close)(fd);
}

#define PWRITE(name, offset_t)                                                    \
  ssize_t name(int fd, const void *bytes, size_t count, offset_t at) {            \
    struct kept *file = kept_of(fd);                                              \
    if (file && is_there("full")) {                                               \
      errno = ENOSPC;                                                             \
      return -1;                                                                  \
    }                                                                             \
    ssize_t done = REAL(name)(fd, bytes, count, at);                              \
    if (file && done > 0) written(file, (off_t)at, (off_t)at + done);             \
    return done;                                                                  \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t count) {
  struct kept *file = kept_of(fd);
  if (!file) return REAL(write)(fd, bytes, count);
  if (is_there("full")) {
    errno = ENOSPC;
    return -1;
  }
  off_t at = lseek(fd, 0, SEEK_CUR);
  ssize_t done = REAL(write)(fd, bytes, count);
  if (done > 0) written(file, at, at + done);
  return done;
}

int unlink(const char *path) {
  if (getenv("BATON_DISK_KEPT") && (ends_with(path, "baton.db-wal") || ends_with(path, "baton.db-journal"))) {
    char twin[PATH_MAX];
    struct stat about;
    snprintf(twin, sizeof twin, "%s%s", getenv("BATON_DISK_KEPT"), strrchr(path, '/'));
    REAL(unlink)(twin);
    pthread_mutex_lock(&lock);
    if (stat(path, &about) == 0) {
      for (int i = 0; i < FILES; i++) {
        if (files[i] && files[i]->device == about.st_dev && files[i]->inode == about.st_ino) {
          REAL(close)(files[i]->twin);
          for (int fd = 0; fd < FDS; fd++) {
            if (by_fd[fd] == files[i]) by_fd[fd] = NULL;
          }
          free(files[i]);
          files[i] = NULL;
        }
      }
    }
    pthread_mutex_unlock(&lock);
  }
  return REAL(unlink)(path);
}
