/* Times the start of programs against each other.
 *
 * usage: timer [-n ROUNDS] [-w WARMUP] :: NAME PROGRAM [ARG...] [:: NAME PROGRAM [ARG...]]...
 *
 * Every round starts every program once, the first of a round being another one each time, so that what slows the machine
 * down for a while slows all of them down. A child is started with vfork and execve from this small process, with
 * /dev/null on its three standard descriptors; the time is from before the vfork until its exit is collected.
 * A program that fails in a warm-up round is reported on standard error and left out.
 * Output, as CSV: round,name,microseconds,status
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_SYSTEMS = 32, DEFAULT_ROUNDS = 200, DEFAULT_WARMUP = 5 };

struct entry {
    const char *name;
    char **argv;
    int left_out;
};

static struct entry entries[MAX_SYSTEMS];
static int count;
static int null_fd;
extern char **environ;

static void fail(const char *what)
{
    fprintf(stderr, "timer: cannot %s: %s\n", what, strerror(errno));
    exit(1);
}

static void usage(void)
{
    fputs("usage: timer [-n ROUNDS] [-w WARMUP] :: NAME PROGRAM [ARG...] [:: NAME PROGRAM [ARG...]]...\n", stderr);
    exit(2);
}

static int number(const char *text)
{
    char *end;
    long value = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || value < 0 || value > 1000000)
        usage();
    return (int)value;
}

static void read_entries(char **word)
{
    while (*word != NULL) {
        if (strcmp(*word, "::") != 0 || word[1] == NULL || word[2] == NULL || count == MAX_SYSTEMS)
            usage();
        *word++ = NULL;
        entries[count].name = *word++;
        entries[count++].argv = word;
        while (*word != NULL && strcmp(*word, "::") != 0)
            word++;
    }
}

static double microseconds(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        fail("read the clock");
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* The wait status of one start. */
static int start(const struct entry *entry)
{
    int status;
    pid_t child = vfork();
    if (child < 0)
        fail("fork");
    if (child == 0) {
        dup2(null_fd, 0);
        dup2(null_fd, 1);
        dup2(null_fd, 2);
        execve(entry->argv[0], entry->argv, environ);
        _exit(127);
    }
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            fail("wait for a child");
    return status;
}

static void warm_up(int rounds)
{
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++) {
            if (entries[i].left_out)
                continue;
            int status = start(&entries[i]);
            if (status == 0)
                continue;
            entries[i].left_out = 1;
            if (WIFEXITED(status))
                fprintf(stderr, "timer: %s left out: exit status %d\n", entries[i].name, WEXITSTATUS(status));
            else
                fprintf(stderr, "timer: %s left out: signal %d\n", entries[i].name, WTERMSIG(status));
        }
}

int main(int argc, char **argv)
{
    int rounds = DEFAULT_ROUNDS, warmup = DEFAULT_WARMUP, first = 1;
    for (; first + 1 < argc && argv[first][0] == '-'; first += 2) {
        if (strcmp(argv[first], "-n") == 0)
            rounds = number(argv[first + 1]);
        else if (strcmp(argv[first], "-w") == 0)
            warmup = number(argv[first + 1]);
        else
            usage();
    }
    read_entries(argv + first);
    if (count == 0)
        usage();
    null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null_fd < 0)
        fail("open /dev/null");

    warm_up(warmup);
    puts("round,name,microseconds,status");
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++) {
            struct entry *entry = &entries[(i + round) % count];
            if (entry->left_out)
                continue;
            double before = microseconds();
            int status = start(entry);
            double after = microseconds();
            printf("%d,%s,%.1f,%d\n", round, entry->name, after - before, status);
        }
    if (fflush(stdout) != 0)
        fail("write the figures");
    return 0;
}
