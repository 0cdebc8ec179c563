/* Stands between a program and the system: records, or fails, every call that changes files in
 * one folder. Loaded with LD_PRELOAD. Read from the environment at each call, so that a forked
 * child can be given its own orders:
 *
 *   FILE_CALLS_FOLDER    calls on this folder and what is in it are watched
 *   FILE_CALLS_LOG       append a record of every watched call that changed something
 *   FILE_CALLS_FAIL_AT   the call with this number (1, 2, ...) fails ...
 *   FILE_CALLS_ERRNO     ... with this errno ...
 *   FILE_CALLS_STICKY    ... and, when this is 1, so do all later ones
 *   FILE_CALLS_SHORT     when 1, the failing write first writes its first half
 *   FILE_CALLS_COUNT     at exit, write the number of calls into this file
 *
 * Record: kind (C create, W write, T truncate, S sync, U unlink, R rename), length of the name,
 * offset, length of the data, then the name (whole path) and the data (R: the new path).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 1024
#define REAL(name)                                                     \
    static __typeof__(&name) real;                                     \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

struct __attribute__((packed)) header {
    char kind;
    uint32_t name_size;
    int64_t offset;
    uint32_t data_size;
};

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static char *path_of[MOST_FILES];
static long calls;

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

static int is_watched(const char *path) {
    const char *folder = getenv("FILE_CALLS_FOLDER");
    return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

static const char *watched_path(int fd) {
    return fd >= 0 && fd < MOST_FILES ? path_of[fd] : NULL;
}

static void enter(void) { pthread_mutex_lock(&one_at_a_time); }

/* Leave, keeping the errno of the call that was made. */
static void leave(void) {
    int kept = errno;
    pthread_mutex_unlock(&one_at_a_time);
    errno = kept;
}

/* Count the call; return 1, with errno set, when it has to fail. */
static int must_fail(void) {
    long at = number("FILE_CALLS_FAIL_AT");
    calls++;
    if (!at || calls < at || (calls > at && !number("FILE_CALLS_STICKY"))) return 0;
    errno = (int)number("FILE_CALLS_ERRNO");
    return 1;
}

static void record(char kind, const char *path, int64_t offset, const void *data, size_t size) {
    static int log_fd = -1;
    const char *log = getenv("FILE_CALLS_LOG");
    int kept = errno;
    if (!log) return;
    if (log_fd < 0) {
        int (*real_open)(const char *, int, ...) =
            (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
        log_fd = real_open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
    struct header head = {kind, (uint32_t)strlen(path), offset, (uint32_t)size};
    struct iovec parts[3] = {{&head, sizeof head}, {(void *)path, strlen(path)},
                             {(void *)data, size}};
    ssize_t whole = (ssize_t)(sizeof head + strlen(path) + size);
    if (writev(log_fd, parts, data ? 3 : 2) != (data ? whole : whole - (ssize_t)size)) abort();
    errno = kept;
}

static void forget(int fd) {
    if (fd >= 0 && fd < MOST_FILES) {
        free(path_of[fd]);
        path_of[fd] = NULL;
    }
}

static int open_it(const char *symbol, const char *path, int flags, mode_t mode) {
    int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, symbol);
    struct stat found;
    enter();
    int watched = is_watched(path), is_new = watched && stat(path, &found) != 0;
    int changes = watched && (flags & (O_CREAT | O_TRUNC)) && (is_new || (flags & O_TRUNC));
    int fd = changes && must_fail() ? -1 : real(path, flags, mode);
    forget(fd);
    if (fd >= 0 && watched) {
        if (fd >= MOST_FILES) abort();
        path_of[fd] = strdup(path);
        if (is_new) record('C', path, 0, NULL, 0);
        else if (flags & O_TRUNC) record('T', path, 0, NULL, 0);
    }
    leave();
    return fd;
}

#define OPEN(symbol)                                                   \
    int symbol(const char *path, int flags, ...) {                     \
        va_list more;                                                  \
        va_start(more, flags);                                         \
        mode_t mode = flags & O_CREAT ? (mode_t)va_arg(more, int) : 0; \
        va_end(more);                                                  \
        return open_it(#symbol, path, flags, mode);                    \
    }
OPEN(open)
OPEN(open64)

static ssize_t write_it(int fd, const void *data, size_t size, off64_t offset, int at_offset) {
    ssize_t (*real_write)(int, const void *, size_t) =
        (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    ssize_t (*real_pwrite)(int, const void *, size_t, off64_t) =
        (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    const char *path = watched_path(fd);
    if (!path) return at_offset ? real_pwrite(fd, data, size, offset) : real_write(fd, data, size);
    enter();
    if (must_fail()) {
        size = number("FILE_CALLS_SHORT") && calls == number("FILE_CALLS_FAIL_AT") ? size / 2 : 0;
        if (!size) {
            leave();
            return -1;
        }
    }
    if (!at_offset) offset = lseek64(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
    ssize_t done = at_offset ? real_pwrite(fd, data, size, offset) : real_write(fd, data, size);
    if (done > 0) record('W', path, offset, data, (size_t)done);
    leave();
    return done;
}

ssize_t write(int fd, const void *data, size_t size) { return write_it(fd, data, size, 0, 0); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    return write_it(fd, data, size, at, 1);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    return write_it(fd, data, size, at, 1);
}

#define ON_FILE(symbol, kind, arguments, offset, call)                 \
    int symbol arguments {                                             \
        REAL(symbol);                                                  \
        const char *path = watched_path(fd);                           \
        if (!path) return call;                                        \
        enter();                                                       \
        int done = must_fail() ? -1 : call;                            \
        if (done == 0) record(kind, path, offset, NULL, 0);            \
        leave();                                                       \
        return done;                                                   \
    }
ON_FILE(fsync, 'S', (int fd), 0, real(fd))
ON_FILE(fdatasync, 'S', (int fd), 0, real(fd))
ON_FILE(ftruncate, 'T', (int fd, off_t size), size, real(fd, size))
ON_FILE(ftruncate64, 'T', (int fd, off64_t size), size, real(fd, size))

int unlink(const char *path) {
    REAL(unlink);
    if (!is_watched(path)) return real(path);
    enter();
    int done = must_fail() ? -1 : real(path);
    if (done == 0) record('U', path, 0, NULL, 0);
    leave();
    return done;
}

int rename(const char *from, const char *to) {
    REAL(rename);
    if (!is_watched(to)) return real(from, to);
    enter();
    int done = must_fail() ? -1 : real(from, to);
    if (done == 0) record('R', from, 0, to, strlen(to));
    leave();
    return done;
}

int close(int fd) {
    REAL(close);
    enter();
    forget(fd);
    int done = real(fd);
    leave();
    return done;
}

__attribute__((destructor)) static void tell_count(void) {
    const char *path = getenv("FILE_CALLS_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return;
    fprintf(file, "%ld", calls);
    fclose(file);
}
