/* A disk that does what a file says, for the logs of the process it is preloaded into.

   FAULT_CONTROL holds one letter: e (write fails with EIO), w (write hangs), o (open hangs),
   s (write takes half), anything else: no fault. Each fault adds a byte to FAULT_COUNT. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static char told(void) {
    const char *path = getenv("FAULT_CONTROL");
    char letter = '-';
    int fd = path ? syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0) : -1;
    if (fd >= 0) {
        if (syscall(SYS_read, fd, &letter, 1) != 1) letter = '-';
        syscall(SYS_close, fd);
    }
    return letter;
}

static void count(void) {
    const char *path = getenv("FAULT_COUNT");
    int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;
    int fd = path ? syscall(SYS_openat, AT_FDCWD, path, flags, 0600) : -1;
    if (fd >= 0) {
        syscall(SYS_write, fd, "x", 1);
        syscall(SYS_close, fd);
    }
}

static void hang(char letter) {
    struct timespec pause = {0, 1000000};
    count();
    while (told() == letter) nanosleep(&pause, NULL);
}

static int is_log(const char *path) { return path && strstr(path, ".jsonl") != NULL; }

static int is_log_handle(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return is_log(path);
}

ssize_t write(int fd, const void *data, size_t size) {
    if (is_log_handle(fd)) {
        switch (told()) {
        case 'e':
            count();
            errno = EIO;
            return -1;
        case 's':
            count();
            size = (size + 1) / 2;
            break;
        case 'w':
            hang('w');
        }
    }
    return syscall(SYS_write, fd, data, size);
}

#define OPEN(name)                                                            \
    int name(const char *path, int flags, ...) {                              \
        va_list rest;                                                         \
        va_start(rest, flags);                                                \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, int) : 0; \
        va_end(rest);                                                         \
        if (is_log(path) && told() == 'o') hang('o');                         \
        return syscall(SYS_openat, AT_FDCWD, path, flags, mode);              \
    }
OPEN(open)
OPEN(open64)
