/* stress - many starts of nshelper by two workers, each under a treatment drawn from a seed; what is not among its allowed ends is a failure.
 *
 *   stress run STARTS SEED FIRST HELPER UID:GID:GROUP PROFILE...     starts FIRST..FIRST+STARTS-1: the number of a start and the seed say all of it
 *   stress nap MILLISECONDS                                          the command of the sessions: ends with status 7
 *
 * A treatment is any of: a signal to the helper or its process group, from root or from the user, at a random moment; a hard limit too low for
 * some step; SCHED_IDLE; closed standard streams. Ends with 0 when no start failed, hung or left a process; the last line has the figures.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORKERS 2
#define COMMAND_STATUS 7
#define DEADLINE 30000   /* milliseconds a start may take: three times nshelper's own deadline */
#define MOST_DELAY 25000 /* microseconds until a signal: somewhat longer than a start takes */
#define OWN_DEADLINE 9000000L /* microseconds after which nshelper may have ended a start itself, which it does after ten seconds */
#define LONG_NAP 5000    /* milliseconds, of a command that only a signal is to end */
#define PROMPT 4000      /* milliseconds in which a session is gone whose monitor was killed: less than such a command would last */
#define MOST_FAILURES 20

struct treatment {
    long number;
    int profile, nap;         /* milliseconds */
    int signal, group, users; /* sent to the process group; sent by the user */
    long delay;               /* microseconds */
    int resource;             /* of `limits`; -1 without */
    unsigned long limit;
    int idle, closed;         /* bit set of standard streams */
};

struct figures {
    long exits[256], signals[65], failures, slowest;
};

static const struct { int resource; const char *name; unsigned long least, most; } limits[] = {
    { RLIMIT_NOFILE, "nofile", 0, 40 },
    { RLIMIT_NPROC, "nproc", 0, 24 },
    { RLIMIT_AS, "as", 24UL << 20, 512UL << 20 },
    { RLIMIT_DATA, "data", 1UL << 20, 256UL << 20 },
    { RLIMIT_STACK, "stack", 128UL << 10, 2UL << 20 },
    { RLIMIT_FSIZE, "fsize", 0, 1 },
    { RLIMIT_MEMLOCK, "memlock", 0, 1 },
    { RLIMIT_SIGPENDING, "sigpending", 0, 2 },
};

/* STOP is followed by CONT, WINCH and CONT end nothing, all others end what does not handle them. */
static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGUSR1, SIGALRM, SIGPIPE, SIGKILL, SIGWINCH, SIGCONT, SIGSTOP };

static struct figures *figures; /* shared by the workers */
static const char *helper, *program, *const *profiles;
static int profile_count;
static unsigned user, group, supplementary;
static unsigned long seed;

static void die(const char *what)
{
    fprintf(stderr, "stress: %s: %s\n", what, strerror(errno));
    exit(2);
}

/* splitmix64: good enough from neighbouring numbers, so each start has its own sequence. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static unsigned long below(uint64_t *state, unsigned long count)
{
    return next(state) % count;
}

static int is_deadly(int signal)
{
    return signal && signal != SIGSTOP && signal != SIGCONT && signal != SIGWINCH;
}

static struct treatment draw(long number)
{
    static const int naps[] = { 0, 0, 5, 20 };
    uint64_t state = seed * 1000000007u + (uint64_t)number;
    struct treatment t = { .number = number, .resource = -1 };
    t.profile = (int)below(&state, (unsigned long)profile_count);
    t.nap = naps[below(&state, 4)];
    if (below(&state, 100) < 60) {
        t.signal = signals[below(&state, sizeof signals / sizeof *signals)];
        t.group = (int)below(&state, 2);
        t.users = (int)below(&state, 2);
        t.delay = (long)below(&state, MOST_DELAY);
        if (!t.users && is_deadly(t.signal) && below(&state, 2)) {
            t.nap = LONG_NAP;
        }
    }
    if (below(&state, 100) < 40) {
        t.resource = (int)below(&state, sizeof limits / sizeof *limits);
        t.limit = limits[t.resource].least + below(&state, limits[t.resource].most - limits[t.resource].least);
    }
    t.idle = below(&state, 100) < 25;
    t.closed = below(&state, 100) < 20 ? (int)below(&state, 8) : 0;
    return t;
}

static void describe(const struct treatment *t, char *text, size_t size)
{
    int n = snprintf(text, size, "start %ld (seed %lu): %s, a nap of %d ms", t->number, seed, profiles[t->profile], t->nap);
    if (t->signal) {
        n += snprintf(text + n, size - (size_t)n, ", SIG%s to its %s from %s after %ld us", sigabbrev_np(t->signal), t->group ? "group" : "process",
            t->users ? "the user" : "root", t->delay);
    }
    if (t->resource >= 0) {
        n += snprintf(text + n, size - (size_t)n, ", %s %lu", limits[t->resource].name, t->limit);
    }
    snprintf(text + n, size - (size_t)n, "%s%s", t->idle ? ", SCHED_IDLE" : "", t->closed ? ", closed streams" : "");
}

/* The child: the user, in the state of the treatment, turns into nshelper. */
static void become(const struct treatment *t, int error)
{
    char nap[16];
    const struct sched_param none = { 0 };
    int null = open("/dev/null", O_RDWR);
    setpgid(0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    dup2(null, 0);
    dup2(null, 1);
    dup2(error, 2);
    if (setgroups(2, (gid_t[]){ group, supplementary }) || setresgid(group, group, group) || setresuid(user, user, user)) {
        _exit(121);
    }
    if (t->idle && sched_setscheduler(0, SCHED_IDLE, &none)) {
        _exit(121);
    }
    if (t->resource >= 0) {
        setrlimit((__rlimit_resource_t)limits[t->resource].resource, &(struct rlimit){ t->limit, t->limit });
    }
    for (int fd = 0; fd < 3; fd++) {
        if (t->closed & (1 << fd)) {
            close(fd);
        }
    }
    syscall(SYS_close_range, 3u, ~0u, 0u);
    snprintf(nap, sizeof nap, "%d", t->nap);
    execve(helper, (char *[]){ "nshelper", "run", (char *)profiles[t->profile], "--", (char *)program, "nap", nap, NULL }, (char *[]){ NULL });
    _exit(121);
}

static long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000L + time.tv_nsec / 1000;
}

/* Where a process is that does not end: for the log, the only witness there will be. */
static void show(const char *pid)
{
    static const char *const files[] = { "cmdline", "status", "wchan", "syscall", "stack" };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[64], content[8192];
        snprintf(path, sizeof path, "/proc/%s/%s", pid, files[i]);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t n = fd < 0 ? -1 : read(fd, content, sizeof content - 1);
        content[n < 0 ? 0 : n] = 0;
        fprintf(stderr, "    %s %s: %s\n", pid, files[i], content);
        close(fd);
    }
}

static void show_descendants(pid_t parent)
{
    char path[64], content[4096];
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, content, sizeof content - 1);
    close(fd);
    content[n < 0 ? 0 : n] = 0;
    char *save = NULL;
    for (char *pid = strtok_r(content, " ", &save); pid; pid = strtok_r(NULL, " ", &save)) {
        show(pid);
        show_descendants(atoi(pid));
    }
}

static void kill_descendants(void)
{
    char path[64], content[4096];
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", getpid(), getpid());
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, content, sizeof content - 1);
    close(fd);
    content[n < 0 ? 0 : n] = 0;
    char *save = NULL;
    for (char *pid = strtok_r(content, " ", &save); pid; pid = strtok_r(NULL, " ", &save)) {
        kill(atoi(pid), SIGKILL);
    }
}

static void fail(const struct treatment *t, const char *what, const char *error)
{
    char text[512];
    describe(t, text, sizeof text);
    fprintf(stderr, "%s: %s\n", text, what);
    if (*error) {
        fprintf(stderr, "    its messages: %s\n", error);
    }
    __atomic_add_fetch(&figures->failures, 1, __ATOMIC_SEQ_CST);
}

/* By the rules of kill(2) for the user, when that is the sender: then it may be refused, as in the time that root is aside. */
static void send_signal(const struct treatment *t, pid_t pid, int signal, int users)
{
    if (users && seteuid(user)) {
        die("seteuid");
    }
    kill(t->group ? -pid : pid, signal);
    if (users && seteuid(0)) {
        die("seteuid");
    }
}

static void disturb(const struct treatment *t, pid_t pid)
{
    if (!t->signal) {
        return;
    }
    nanosleep(&(struct timespec){ 0, t->delay * 1000 }, NULL);
    send_signal(t, pid, t->signal, t->users);
    if (t->signal == SIGSTOP) {
        nanosleep(&(struct timespec){ 0, 3000000 }, NULL);
        send_signal(t, pid, SIGCONT, 0);
    }
}

static int limited(const struct treatment *t, int resource)
{
    return t->resource >= 0 && limits[t->resource].resource == resource;
}

/* One message, with the line of the profile below it at most, and never a runtime's. */
static int is_message(const char *error)
{
    const char *end = strchr(error, '\n');
    return !strncmp(error, "nshelper: cannot ", 17) && end && (!end[1] || (!strncmp(end + 1, "  ", 2) && !strchr(end + 1, '\n')[1])) && !strstr(error, " at NsHelper")
        && !strstr(error, "nhandled");
}

/* What the loader of the C library says, before there is any of nshelper, where a limit leaves it no descriptor or no memory. */
static int is_loaders(const struct treatment *t, const char *error)
{
    return (limited(t, RLIMIT_NOFILE) || limited(t, RLIMIT_AS) || limited(t, RLIMIT_DATA)) && strstr(error, "error while loading shared libraries");
}

/*
 * Of a set-id program that is started without a standard stream, and may not open one, the C library makes an end by a forbidden instruction before
 * anything of the program runs (csu/check_fds.c): su(1) and passwd(1) end in the same way.
 */
static int is_librarys(const struct treatment *t, int signal)
{
    return t->closed && limited(t, RLIMIT_NOFILE) && t->limit < 3 && (signal == SIGSEGV || signal == SIGILL || signal == SIGTRAP);
}

/* NULL when the end is one of those that the manual allows for the treatment. */
static const char *judge(const struct treatment *t, int status, const char *error, long took)
{
    int silent = t->closed & 4;
    int code = WIFSIGNALED(status) ? 0 : WEXITSTATUS(status);
    int ended_by = WIFSIGNALED(status) ? WTERMSIG(status) : code > 128 ? code - 128 : 0;
    if (ended_by && ended_by == t->signal && is_deadly(t->signal)) {
        /* A limit may have been first; and the init of a monitor that is killed tells of its end. */
        return !*error || ((t->resource >= 0 || t->signal == SIGKILL) && is_message(error)) ? NULL : "ended by the signal, with a message";
    }
    if (t->idle && took > OWN_DEADLINE && ((code == 125 && strstr(error, "its set-up took longer")) || (WIFSIGNALED(status) && ended_by == SIGALRM))) {
        return NULL;
    }
    if (WIFSIGNALED(status)) {
        return is_librarys(t, ended_by) ? NULL : "ended by a signal that nobody sent";
    }
    if (code == COMMAND_STATUS) {
        return *error ? "the command ran, and there is a message" : t->nap == LONG_NAP ? "the signal was lost" : NULL;
    }
    if (t->resource < 0) {
        return "failed, though nothing was in its way";
    }
    if (code == 125) {
        return is_message(error) || (silent && !*error) ? NULL : "a failed start without a proper message";
    }
    if (code == 126) {
        return limited(t, RLIMIT_NPROC) && (is_message(error) || (silent && !*error)) ? NULL : "the command could not be executed, and it may have a process";
    }
    if (code == 127) {
        return is_loaders(t, error) || (silent && !*error) ? NULL : "the command was not found";
    }
    if (code == 255) {
        return (limited(t, RLIMIT_AS) || limited(t, RLIMIT_DATA)) && !*error ? NULL : "the runtime did not start, and no limit was in its way";
    }
    return "an exit status that nothing explains";
}

/* All that a worker started has ended, also what lost its parent: such processes become the worker's. */
static void settle(const struct treatment *last)
{
    long end = now() + (last->signal == SIGKILL && !last->idle ? PROMPT : DEADLINE) * 1000L;
    pid_t child;
    while ((child = waitpid(-1, NULL, WNOHANG)) >= 0 || errno == EINTR) {
        if (child == 0) {
            if (now() > end) {
                fail(last, "it, or one since the last that was killed, left processes:", "");
                show_descendants(getpid());
                kill_descendants();
                end += DEADLINE * 1000L;
            }
            usleep(500);
        }
    }
}

static void start(long number)
{
    struct treatment t = draw(number);
    char error[4096];
    int status, messages = memfd_create("messages", MFD_CLOEXEC);
    long begun = now();
    pid_t child = fork();
    if (child < 0 || messages < 0) {
        die("fork");
    }
    if (child == 0) {
        become(&t, messages);
    }
    setpgid(child, child);
    int pidfd = (int)syscall(SYS_pidfd_open, child, 0);
    disturb(&t, child);
    struct pollfd ended = { .fd = pidfd, .events = POLLIN };
    int hangs = poll(&ended, 1, DEADLINE) == 0;
    if (hangs) {
        fail(&t, "hangs", "");
        show_descendants(getpid());
        kill_descendants();
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    close(pidfd);
    long took = now() - begun;
    ssize_t n = pread(messages, error, sizeof error - 1, 0);
    error[n < 0 ? 0 : n] = 0;
    close(messages);
    __atomic_add_fetch(WIFSIGNALED(status) ? &figures->signals[WTERMSIG(status)] : &figures->exits[WEXITSTATUS(status)], 1, __ATOMIC_SEQ_CST);
    if (took > __atomic_load_n(&figures->slowest, __ATOMIC_SEQ_CST)) {
        __atomic_store_n(&figures->slowest, took, __ATOMIC_SEQ_CST);
    }
    const char *complaint = hangs ? NULL : judge(&t, status, error, took);
    if (complaint) {
        char what[256];
        snprintf(what, sizeof what, "%s %d: %s", WIFSIGNALED(status) ? "signal" : "exit", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), complaint);
        fail(&t, what, error);
    }
    if (number % 64 == 0 || t.signal == SIGKILL) {
        settle(&t);
    }
}

static void work(int worker, long first, long count)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (long i = worker; i < count && __atomic_load_n(&figures->failures, __ATOMIC_SEQ_CST) < MOST_FAILURES; i += WORKERS) {
        start(first + i);
    }
    struct treatment last = draw(first + count - 1);
    settle(&last);
    exit(0);
}

static int run(long count, long first)
{
    int failed = 0;
    long begun = now();
    fflush(stdout);
    for (int worker = 0; worker < WORKERS; worker++) {
        pid_t pid = fork();
        if (pid < 0) {
            die("fork");
        }
        if (pid == 0) {
            work(worker, first, count);
        }
    }
    for (int status; wait(&status) > 0;) {
        failed |= status;
    }
    double seconds = (double)(now() - begun) / 1e6;
    printf("%ld starts from %ld, seed %lu, %d workers: %.1f s, %.2f ms a start, slowest %.1f ms;", count, first, seed, WORKERS, seconds,
        seconds * 1000 / (double)count, (double)figures->slowest / 1000);
    for (int i = 0; i < 256; i++) {
        if (figures->exits[i]) {
            printf(" exit %d: %ld,", i, figures->exits[i]);
        }
    }
    for (int i = 0; i < 65; i++) {
        if (figures->signals[i]) {
            printf(" SIG%s: %ld,", sigabbrev_np(i), figures->signals[i]);
        }
    }
    printf(" failures: %ld\n", figures->failures);
    return failed || figures->failures;
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "nap")) {
        long milliseconds = atol(argv[2]);
        struct timespec rest = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
        while (milliseconds && nanosleep(&rest, &rest) && errno == EINTR) {
        }
        return COMMAND_STATUS;
    }
    if (argc < 8 || strcmp(argv[1], "run") || sscanf(argv[6], "%u:%u:%u", &user, &group, &supplementary) != 3) {
        fprintf(stderr, "usage: stress run STARTS SEED FIRST HELPER UID:GID:GROUP PROFILE...\n");
        return 2;
    }
    seed = strtoul(argv[3], NULL, 10);
    helper = argv[5];
    program = argv[0];
    profiles = (const char *const *)(argv + 7);
    profile_count = argc - 7;
    figures = mmap(NULL, sizeof *figures, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (figures == MAP_FAILED) {
        die("mmap");
    }
    signal(SIGPIPE, SIG_DFL);
    return run(atol(argv[2]), atol(argv[4]));
}
