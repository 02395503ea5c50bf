/* Stands between a program and the C library, by LD_PRELOAD: fails a chosen call on files below a folder, or writes down
 * every such call, so that what a machine that lost its power would have kept can be worked out.
 *
 * SHIM_ROOT  the folder, without a slash at its end
 * SHIM_FAIL  "KIND NUMBER ERRNO": the NUMBERth call of this kind fails so, counted from 1 within a process
 * SHIM_LOG   a file that every call that was done is appended to: "KIND OFFSET LENGTH PATH\0OTHER\0" and LENGTH bytes of
 *            data; of the one that failed KIND is "failed", and OTHER its own
 * SHIM_CLOCK seconds by which the clock of the day is ahead
 *
 * Kinds: open (a file that is created or truncated), write, sync, rename, link, unlink, truncate, mkdir.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

enum kind { OPEN, WRITE, SYNC, RENAME, LINK, UNLINK, TRUNCATE, MKDIR, KINDS };
static const char *names[KINDS] = {"open", "write", "sync", "rename", "link", "unlink", "truncate", "mkdir"};
static long counted[KINDS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The absolute path of a name, in `found`; whether it is below the folder. */
static int within(int directory, const char *path, char *found) {
    const char *root = getenv("SHIM_ROOT");
    char base[PATH_MAX], link[64];
    if (!root || !path) return 0;
    if (path[0] == '/') {
        snprintf(found, PATH_MAX, "%s", path);
    } else {
        if (directory == AT_FDCWD) {
            if (!getcwd(base, sizeof base)) return 0;
        } else {
            snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
            ssize_t size = readlink(link, base, sizeof base - 1);
            if (size < 0) return 0;
            base[size] = 0;
        }
        if (snprintf(found, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) return 0;
    }
    size_t length = strlen(root);
    return strncmp(found, root, length) == 0 && (found[length] == '/' || found[length] == 0);
}

static int of_file(int file, char *found) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = readlink(link, found, PATH_MAX - 1);
    if (size < 0) return 0;
    found[size] = 0;
    char *gone = strstr(found, " (deleted)");
    if (gone) return 0;
    return within(AT_FDCWD, found, (char[PATH_MAX]){0});
}

static void note(const char *kind, const char *path, const char *other, off_t offset, const void *data, size_t size) {
    const char *log = getenv("SHIM_LOG");
    if (!log) return;
    int saved = errno;
    char head[2 * PATH_MAX + 96];
    int length = snprintf(head, sizeof head, "%s %lld %zu %s", kind, (long long)offset, size, path);
    length += 1 + snprintf(head + length + 1, sizeof head - length - 1, "%s", other) + 1;
    struct iovec parts[2] = {{head, length}, {(void *)data, size}};
    pthread_mutex_lock(&lock);
    int file = NEXT(open)(log, O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (file < 0 || NEXT(writev)(file, parts, 2) != (ssize_t)(length + size)) abort();
    close(file);
    pthread_mutex_unlock(&lock);
    errno = saved;
}

/* Whether this call is the one to fail; errno is set then. */
static int fails(enum kind kind, const char *path) {
    const char *wanted = getenv("SHIM_FAIL");
    char name[16];
    long number;
    int error;
    pthread_mutex_lock(&lock);
    long place = ++counted[kind];
    pthread_mutex_unlock(&lock);
    if (!wanted || sscanf(wanted, "%15s %ld %d", name, &number, &error) != 3) return 0;
    if (strcmp(name, names[kind]) || place != number) return 0;
    note("failed", path, names[kind], 0, "", 0);
    errno = error;
    return 1;
}

static int opened(int directory, const char *path, int flags, mode_t mode, int (*call)(int, const char *, int, ...)) {
    char found[PATH_MAX];
    struct stat before;
    int ours = within(directory, path, found);
    int created = ours && (flags & O_CREAT) && fstatat(directory, path, &before, 0) != 0;
    int writes = ours && (created || (flags & O_TRUNC));
    if (writes && fails(OPEN, found)) return -1;
    int file = call(directory, path, flags, mode);
    if (file >= 0 && writes) note(names[OPEN], found, flags & O_TRUNC ? "truncated" : "", 0, "", 0);
    return file;
}

#define OPENS(name, before, directory)                                                     \
    int name(before const char *path, int flags, ...) {                                    \
        va_list more;                                                                      \
        va_start(more, flags);                                                             \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;            \
        va_end(more);                                                                      \
        return opened(directory, path, flags, mode, NEXT(openat));                         \
    }
OPENS(open, , AT_FDCWD)
OPENS(open64, , AT_FDCWD)
#define AND ,
OPENS(openat, int directory AND, directory)
OPENS(openat64, int directory AND, directory)

static ssize_t wrote(int file, const void *data, size_t size, off_t offset, int at) {
    char path[PATH_MAX];
    int ours = of_file(file, path);
    if (ours && fails(WRITE, path)) return -1;
    off_t place = offset;
    if (ours && !at) {
        int flags = fcntl(file, F_GETFL);
        place = lseek(file, 0, flags & O_APPEND ? SEEK_END : SEEK_CUR);
    }
    ssize_t done = at ? NEXT(pwrite64)(file, data, size, offset) : NEXT(write)(file, data, size);
    if (ours && done > 0) note(names[WRITE], path, "", place, data, done);
    return done;
}
ssize_t write(int file, const void *data, size_t size) { return wrote(file, data, size, 0, 0); }
ssize_t pwrite(int file, const void *data, size_t size, off_t offset) { return wrote(file, data, size, offset, 1); }
ssize_t pwrite64(int file, const void *data, size_t size, off64_t offset) { return wrote(file, data, size, offset, 1); }

/* What copies within the kernel is told to copy by reading and writing. Source: Python's shutil gives up so on ENOTSOCK. */
ssize_t sendfile(int to, int from, off_t *offset, size_t size) {
    char path[PATH_MAX];
    if (of_file(to, path)) {
        errno = ENOTSOCK;
        return -1;
    }
    return NEXT(sendfile)(to, from, offset, size);
}

static int synced(int file, int (*call)(int)) {
    char path[PATH_MAX];
    int ours = of_file(file, path);
    if (ours && fails(SYNC, path)) return -1;
    int done = call(file);
    if (ours && done == 0) note(names[SYNC], path, "", 0, "", 0);
    return done;
}
int fsync(int file) { return synced(file, NEXT(fsync)); }
int fdatasync(int file) { return synced(file, NEXT(fdatasync)); }

static int shortened(int file, off_t size) {
    char path[PATH_MAX];
    int ours = of_file(file, path);
    if (ours && fails(TRUNCATE, path)) return -1;
    int done = NEXT(ftruncate64)(file, size);
    if (ours && done == 0) note(names[TRUNCATE], path, "", size, "", 0);
    return done;
}
int ftruncate(int file, off_t size) { return shortened(file, size); }
int ftruncate64(int file, off64_t size) { return shortened(file, size); }

static int cut(const char *path, off_t size) {
    char found[PATH_MAX];
    int ours = within(AT_FDCWD, path, found);
    if (ours && fails(TRUNCATE, found)) return -1;
    int done = NEXT(truncate64)(path, size);
    if (ours && done == 0) note(names[TRUNCATE], found, "", size, "", 0);
    return done;
}
int truncate(const char *path, off_t size) { return cut(path, size); }
int truncate64(const char *path, off64_t size) { return cut(path, size); }

/* Two names: renamed, or linked. */
static int two(enum kind kind, int from, const char *old, int to, const char *new, int flags) {
    char path[PATH_MAX], other[PATH_MAX];
    int ours = within(from, old, path) & within(to, new, other);
    if (ours && fails(kind, path)) return -1;
    int done = kind == RENAME ? NEXT(renameat2)(from, old, to, new, flags) : NEXT(linkat)(from, old, to, new, flags);
    if (ours && done == 0) note(names[kind], path, other, 0, "", 0);
    return done;
}
int rename(const char *old, const char *new) { return two(RENAME, AT_FDCWD, old, AT_FDCWD, new, 0); }
int renameat(int from, const char *old, int to, const char *new) { return two(RENAME, from, old, to, new, 0); }
int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
    return two(RENAME, from, old, to, new, flags);
}
int link(const char *old, const char *new) { return two(LINK, AT_FDCWD, old, AT_FDCWD, new, 0); }
int linkat(int from, const char *old, int to, const char *new, int flags) {
    return two(LINK, from, old, to, new, flags);
}

static int removed(int directory, const char *path, int flags) {
    char found[PATH_MAX];
    int ours = within(directory, path, found);
    if (ours && fails(UNLINK, found)) return -1;
    int done = NEXT(unlinkat)(directory, path, flags);
    if (ours && done == 0) note(names[UNLINK], found, "", 0, "", 0);
    return done;
}
int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int unlinkat(int directory, const char *path, int flags) { return removed(directory, path, flags); }
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }

static int made(int directory, const char *path, mode_t mode) {
    char found[PATH_MAX];
    int ours = within(directory, path, found);
    if (ours && fails(MKDIR, found)) return -1;
    int done = NEXT(mkdirat)(directory, path, mode);
    if (ours && done == 0) note(names[MKDIR], found, "", 0, "", 0);
    return done;
}
int mkdir(const char *path, mode_t mode) { return made(AT_FDCWD, path, mode); }
int mkdirat(int directory, const char *path, mode_t mode) { return made(directory, path, mode); }

int clock_gettime(clockid_t clock, struct timespec *told) {
    int done = NEXT(clock_gettime)(clock, told);
    const char *ahead = getenv("SHIM_CLOCK");
    if (done == 0 && ahead && clock == CLOCK_REALTIME) told->tv_sec += atol(ahead);
    return done;
}
