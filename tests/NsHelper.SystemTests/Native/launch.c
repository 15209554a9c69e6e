/* launch - become a user, make the caller state a hostile user can make, execute.
 *
 *   launch [OPTION...] -- FILE [ARGV0 [ARG...]]
 *
 * Options take effect in the order given, except that the identity is taken first and limits last. Every number is decimal.
 *   --report FILE             fork; the parent writes {"exit":N|"signal":N,"maxrss":KiB,"microseconds":N} to FILE
 *   --pid-file FILE           the pid of the process that executes, and its parent's
 *   --seconds N               with --report: SIGKILL after N seconds ("timeout":true)
 *   --id UID:GID[:GROUP,...]  real, effective and saved ids and the supplementary groups
 *   --effective-gid GID       setgid wrapper: effective and saved gid differ from the real one
 *   --no-new-privs
 *   --capability N            inheritable and ambient (N of linux/capability.h)
 *   --drop-bounding N
 *   --userns                  in a new user namespace that maps the caller to root
 *   --env HEX | --env-fill COUNT:BYTES      environment entries, any bytes
 *   --arg HEX | --arg-fill COUNT:BYTES      more arguments, after those of the command line
 *   --argv-null | --argv-empty              execve(FILE, {NULL}) and execve(FILE, NULL)
 *   --open FD:FLAGS:PATH      FLAGS of r w a p(ath) d(irectory) n(onblock) c(reate) t(runcate)
 *   --close FD
 *   --crowd N                 N descriptors from 10 up: /, namespaces, pidfd, sockets, memfd, epoll, pipes ...
 *   --limit NUMBER:SOFT:HARD  RLIMIT_*; "-1" is infinity
 *   --timer WHICH:MICROSECONDS              ITIMER_*
 *   --block SIGNAL | --ignore SIGNAL        0 is every signal
 *   --umask OCTAL  --chdir DIR  --chdir-deleted DIR (made and removed)  --chdir-sealed DIR (made, entered, mode 0000)  --deep N
 *   --nice N  --cpu N  --setsid  --setpgid  --oom N  --death-signal N
 *   --policy N                SCHED_*, with priority 0
 *   --subreaper  --personality N  --io-priority N  --timer-slack N  --no-huge-pages  --dump-filter HEX
 *   --pend SIGNAL             blocked, and pending for the process
 *   --securebits N            as a privileged launcher may set them
 *   --own-session             with --report: the parent leads a session without a terminal, and the process that executes leads nothing
 *   --own-terminal            leads a session with a terminal of its own, whose other side the parent holds; with --report
 *   --closed-parent           with --report: the parent cannot be dumped
 *   --traced-parent           with --report: the parent is traced
 *   --refuse NUMBER:ERRNO     seccomp filter: system call NUMBER gives ERRNO (0: success without doing anything)
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 300000

static char *arguments[MOST], *variables[MOST], *limits[64], *refused[64];
static int argument_count, variable_count, limit_count, refused_count;
static char **argv_override;
static int override, capabilities[64], capability_count;
static const char *report, *pid_file, *identity, *effective_gid, *securebits;
static int own_session, own_terminal = -1, closed_parent, traced_parent;
static long seconds = 60;

static void die(const char *what)
{
    fprintf(stderr, "launch: %s: %s\n", what, strerror(errno));
    _exit(121);
}

static void must(long result, const char *what)
{
    if (result < 0) {
        die(what);
    }
}

static char *unhex(const char *hex)
{
    size_t length = strlen(hex) / 2;
    char *bytes = malloc(length + 1);
    for (size_t i = 0; i < length; i++) {
        unsigned value;
        sscanf(hex + 2 * i, "%2x", &value);
        bytes[i] = (char)value;
    }
    bytes[length] = 0;
    return bytes;
}

static void fill(char **list, int *count, const char *spec, const char *prefix)
{
    int number, size;
    if (sscanf(spec, "%d:%d", &number, &size) != 2) {
        errno = EINVAL;
        die(spec);
    }
    for (int i = 0; i < number; i++) {
        char *entry = malloc((size_t)size + 64);
        int head = *prefix ? sprintf(entry, "%s%d=", prefix, i) : 0;
        memset(entry + head, 'x', (size_t)size);
        entry[head + size] = 0;
        list[(*count)++] = entry;
    }
}

static void open_at(char *spec)
{
    char *flags = strchr(spec, ':') + 1;
    char *path = strchr(flags, ':') + 1;
    int mode = O_RDONLY;
    for (char *c = flags; *c != ':'; c++) {
        switch (*c) {
        case 'w': mode |= O_WRONLY; break;
        case 'a': mode |= O_WRONLY | O_APPEND; break;
        case 'p': mode |= O_PATH; break;
        case 'd': mode |= O_DIRECTORY; break;
        case 'n': mode |= O_NONBLOCK; break;
        case 'c': mode |= O_CREAT; break;
        case 't': mode |= O_TRUNC; break;
        default: break;
        }
    }
    int wanted = atoi(spec), fd = open(path, mode, 0666);
    must(fd, path);
    if (fd != wanted) {
        must(dup2(fd, wanted), "dup2");
        close(fd);
    }
}

static int one_of_a_crowd(int i)
{
    int pair[2];
    switch (i % 12) {
    case 0: return open("/", O_RDONLY | O_DIRECTORY);
    case 1: return open("/proc/self/ns/mnt", O_RDONLY);
    case 2: return (int)syscall(SYS_pidfd_open, getppid(), 0);
    case 3: return (int)memfd_create("crowd", 0);
    case 4: return epoll_create1(0);
    case 5: return socket(AF_UNIX, SOCK_DGRAM, 0);
    case 6: return pipe(pair) ? -1 : (close(pair[1]), pair[0]);
    case 7: return open("/tmp", O_PATH);
    case 8: return eventfd(0, 0);
    case 9: return open("/proc/self/ns/user", O_RDONLY);
    case 10: return open("/etc/passwd", O_RDONLY);
    default: {
        char parameters[256] = { 0 };
        int ring = (int)syscall(SYS_io_uring_setup, 4, parameters);
        return ring < 0 ? open("/dev/null", O_RDWR) : ring;
    }
    }
}

static void crowd(int count)
{
    for (int i = 0; i < count; i++) {
        int fd = one_of_a_crowd(i);
        must(fd, "crowd");
        if (fd != 10 + i) {
            must(dup2(fd, 10 + i), "dup2");
            close(fd);
        }
        must(fcntl(10 + i, F_SETFD, 0), "F_SETFD");
    }
}

static void each_signal(int signal, int block)
{
    sigset_t set;
    sigemptyset(&set);
    for (int s = signal ? signal : 1; s <= (signal ? signal : 64); s++) {
        sigaddset(&set, s);
        if (!block && s != SIGKILL && s != SIGSTOP) {
            struct sigaction action = { .sa_handler = SIG_IGN };
            (void)sigaction(s, &action, NULL);
        }
    }
    if (block) {
        must(sigprocmask(SIG_BLOCK, &set, NULL), "sigprocmask");
    }
}

static void take_capabilities(void)
{
    struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct data[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
    for (int i = 0; i < capability_count; i++) {
        unsigned bit = 1u << (capabilities[i] % 32);
        struct __user_cap_data_struct *word = &data[capabilities[i] / 32];
        word->effective |= bit;
        word->permitted |= bit;
        word->inheritable |= bit;
    }
    must(syscall(SYS_capset, &header, data), "capset");
    for (int i = 0; i < capability_count; i++) {
        must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capabilities[i], 0, 0), "ambient");
    }
}

static void become(void)
{
    unsigned uid, gid;
    gid_t groups[65536];
    int count = 0;
    if (!identity) {
        return;
    }
    sscanf(identity, "%u:%u", &uid, &gid);
    char *list = strchr(strchr(identity, ':') + 1, ':');
    for (char *g = list ? strtok(list + 1, ",") : NULL; g; g = strtok(NULL, ",")) {
        groups[count++] = (gid_t)strtoul(g, NULL, 10);
    }
    if (securebits) {
        must(prctl(PR_SET_SECUREBITS, atoi(securebits)), "securebits");
    }
    if (capability_count) {
        must(prctl(PR_SET_KEEPCAPS, 1), "keepcaps");
    }
    must(setgroups((size_t)count, groups), "setgroups");
    unsigned effective = effective_gid ? (unsigned)strtoul(effective_gid, NULL, 10) : gid;
    must(setresgid(gid, effective, effective), "setresgid");
    must(setresuid(uid, uid, uid), "setresuid");
    if (capability_count) {
        take_capabilities();
    }
    /* An ordinary process of the user can be traced by the user; exec after setuid would restore that. */
    must(prctl(PR_SET_DUMPABLE, 1), "dumpable");
}

static void write_file(const char *path, const char *content)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    must(fd, path);
    must(write(fd, content, strlen(content)), path);
    close(fd);
}

static void enter_user_namespace(void)
{
    char map[64], groups[64];
    snprintf(map, sizeof map, "0 %u 1", geteuid());
    snprintf(groups, sizeof groups, "0 %u 1", getegid());
    must(unshare(CLONE_NEWUSER), "unshare");
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", map);
    write_file("/proc/self/gid_map", groups);
}

static void refuse(void)
{
    if (!refused_count) {
        return;
    }
    struct sock_filter filter[130] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)) };
    unsigned short n = 1;
    for (int i = 0; i < refused_count; i++) {
        unsigned call = 0, error = 0;
        sscanf(refused[i], "%u:%u", &call, &error);
        filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1);
        filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error);
    }
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = { n, filter };
    /* Root may install a filter without no_new_privs, as a service manager does; so this runs before the identity is taken. */
    must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "seccomp");
}

static void deep(int levels)
{
    char name[201];
    memset(name, 'd', 200);
    name[200] = 0;
    for (int i = 0; i < levels; i++) {
        if (mkdir(name, 0755) && errno != EEXIST) {
            die("mkdir");
        }
        must(chdir(name), "chdir");
    }
}

static void timer(const char *spec)
{
    int which;
    long microseconds;
    sscanf(spec, "%d:%ld", &which, &microseconds);
    struct itimerval value = { { 0, 0 }, { microseconds / 1000000, microseconds % 1000000 } };
    must(setitimer(which, &value, NULL), "setitimer");
}

static void affinity(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    must(sched_setaffinity(0, sizeof set, &set), "sched_setaffinity");
}

static void policy(int number)
{
    struct sched_param parameter = { 0 };
    must(sched_setscheduler(0, number, &parameter), "sched_setscheduler");
}

static void pend(int signal)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    must(sigprocmask(SIG_BLOCK, &set, NULL), "sigprocmask");
    must(kill(getpid(), signal), "kill");
}

static void sealed(const char *path)
{
    must(mkdir(path, 0755), path);
    must(chdir(path), path);
    must(chmod(".", 0), path);
}

static void deleted(const char *path)
{
    must(mkdir(path, 0755), path);
    must(chdir(path), path);
    must(rmdir(path), path);
}

/* What must be known or done as root, before the identity is taken. */
static void early(const char *option, char *value)
{
    if (!strcmp(option, "--report")) { report = value; }
    else if (!strcmp(option, "--pid-file")) { pid_file = value; }
    else if (!strcmp(option, "--seconds")) { seconds = atol(value); }
    else if (!strcmp(option, "--id")) { identity = value; }
    else if (!strcmp(option, "--effective-gid")) { effective_gid = value; }
    else if (!strcmp(option, "--capability")) { capabilities[capability_count++] = atoi(value); }
    else if (!strcmp(option, "--refuse")) { refused[refused_count++] = value; }
    else if (!strcmp(option, "--limit")) { limits[limit_count++] = value; }
    else if (!strcmp(option, "--securebits")) { securebits = value; }
}

static int is_early(const char *option)
{
    static const char *const names[] = { "--report", "--pid-file", "--seconds", "--id", "--effective-gid", "--capability", "--refuse", "--limit", "--drop-bounding", "--securebits" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!strcmp(option, names[i])) {
            return 1;
        }
    }
    return 0;
}

static void late(const char *option, char *value)
{
    if (!strcmp(option, "--env")) { variables[variable_count++] = unhex(value); }
    else if (!strcmp(option, "--env-fill")) { fill(variables, &variable_count, value, "FILL"); }
    else if (!strcmp(option, "--arg")) { arguments[argument_count++] = unhex(value); }
    else if (!strcmp(option, "--arg-fill")) { fill(arguments, &argument_count, value, ""); }
    else if (!strcmp(option, "--open")) { open_at(value); }
    else if (!strcmp(option, "--close")) { close(atoi(value)); }
    else if (!strcmp(option, "--crowd")) { crowd(atoi(value)); }
    else if (!strcmp(option, "--timer")) { timer(value); }
    else if (!strcmp(option, "--block")) { each_signal(atoi(value), 1); }
    else if (!strcmp(option, "--ignore")) { each_signal(atoi(value), 0); }
    else if (!strcmp(option, "--umask")) { umask((mode_t)strtol(value, NULL, 8)); }
    else if (!strcmp(option, "--chdir")) { must(chdir(value), value); }
    else if (!strcmp(option, "--chdir-deleted")) { deleted(value); }
    else if (!strcmp(option, "--chdir-sealed")) { sealed(value); }
    else if (!strcmp(option, "--deep")) { deep(atoi(value)); }
    else if (!strcmp(option, "--nice")) { must(setpriority(PRIO_PROCESS, 0, atoi(value)), "nice"); }
    else if (!strcmp(option, "--cpu")) { affinity(atoi(value)); }
    else if (!strcmp(option, "--oom")) { write_file("/proc/self/oom_score_adj", value); }
    else if (!strcmp(option, "--policy")) { policy(atoi(value)); }
    else if (!strcmp(option, "--personality")) { must(personality((unsigned long)atol(value)), "personality"); }
    else if (!strcmp(option, "--io-priority")) { must(syscall(SYS_ioprio_set, 1, 0, atoi(value)), "ioprio_set"); }
    else if (!strcmp(option, "--timer-slack")) { must(prctl(PR_SET_TIMERSLACK, atol(value)), "timerslack"); }
    else if (!strcmp(option, "--dump-filter")) { write_file("/proc/self/coredump_filter", value); }
    else if (!strcmp(option, "--pend")) { pend(atoi(value)); }
    else if (!strcmp(option, "--death-signal")) { must(prctl(PR_SET_PDEATHSIG, atoi(value)), "pdeathsig"); }
    else { errno = EINVAL; die(option); }
}

static int open_terminal(void)
{
    int unlocked = 0, master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    must(master, "/dev/ptmx");
    must(ioctl(master, TIOCSPTLCK, &unlocked), "TIOCSPTLCK");
    return master;
}

static void take_terminal(void)
{
    must(setsid(), "setsid");
    int terminal = ioctl(own_terminal, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    must(terminal, "TIOCGPTPEER");
    must(ioctl(terminal, TIOCSCTTY, 0), "TIOCSCTTY");
    close(terminal);
}

/* 1 when the option has no value. */
static int flag(const char *option, int apply)
{
    static char *nothing[] = { NULL };
    if (!strcmp(option, "--no-new-privs")) { if (apply) must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), option); }
    else if (!strcmp(option, "--userns")) { if (apply) enter_user_namespace(); }
    else if (!strcmp(option, "--setsid")) { if (apply) must(setsid(), option); }
    else if (!strcmp(option, "--setpgid")) { if (apply) must(setpgid(0, 0), option); }
    else if (!strcmp(option, "--subreaper")) { if (apply) must(prctl(PR_SET_CHILD_SUBREAPER, 1), option); }
    else if (!strcmp(option, "--no-huge-pages")) { if (apply) must(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0), option); }
    else if (!strcmp(option, "--own-session")) { own_session = 1; }
    else if (!strcmp(option, "--own-terminal")) { if (apply) take_terminal(); else own_terminal = open_terminal(); }
    else if (!strcmp(option, "--closed-parent")) { closed_parent = 1; }
    else if (!strcmp(option, "--traced-parent")) { traced_parent = 1; }
    else if (!strcmp(option, "--argv-null")) { override = 1; argv_override = nothing; }
    else if (!strcmp(option, "--argv-empty")) { override = 1; argv_override = NULL; }
    else { return 0; }
    return 1;
}

/* By the kernel's own call: 32 and 33 belong to the C library, and make(1) above us leaves them ignored. */
static void normal_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int s = 1; s <= 64; s++) {
        const long action[4] = { 0 };
        syscall(SYS_rt_sigaction, s, action, NULL, 8L);
    }
}

static volatile sig_atomic_t expired;
static pid_t watched;

static void on_alarm(int signal)
{
    (void)signal;
    expired = 1;
    kill(watched, SIGKILL);
}

/* A tracer that lets its tracee go on, whatever stops it. */
static void trace_parent(void)
{
    int ready[2];
    char byte;
    must(pipe(ready), "pipe");
    pid_t parent = getpid(), tracer = fork();
    must(tracer, "fork");
    if (tracer == 0) {
        must(prctl(PR_SET_PDEATHSIG, SIGKILL), "pdeathsig");
        must(ptrace(PTRACE_SEIZE, parent, 0, 0), "PTRACE_SEIZE");
        must(write(ready[1], "", 1), "write");
        for (int status; waitpid(parent, &status, 0) == parent && WIFSTOPPED(status);) {
            ptrace(PTRACE_CONT, parent, 0, status >> 16 ? 0 : WSTOPSIG(status));
        }
        _exit(0);
    }
    must(read(ready[0], &byte, 1), "read");
    close(ready[0]);
    close(ready[1]);
}

static int supervise(pid_t child)
{
    struct timeval start, end;
    struct rusage usage;
    char content[256];
    int status;
    watched = child;
    gettimeofday(&start, NULL);
    struct sigaction action = { .sa_handler = on_alarm };
    sigaction(SIGALRM, &action, NULL);
    alarm((unsigned)seconds);
    while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    gettimeofday(&end, NULL);
    snprintf(content, sizeof content, "{\"%s\":%d,\"core\":%s,\"timeout\":%s,\"maxrss\":%ld,\"microseconds\":%ld}\n",
        WIFSIGNALED(status) ? "signal" : "exit", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
        WCOREDUMP(status) ? "true" : "false", expired ? "true" : "false", usage.ru_maxrss,
        (end.tv_sec - start.tv_sec) * 1000000L + end.tv_usec - start.tv_usec);
    write_file(report, content);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    int end = 1;
    while (end < argc && strcmp(argv[end], "--")) {
        end++;
    }
    if (end + 1 >= argc) {
        fprintf(stderr, "usage: launch [OPTION...] -- FILE [ARGV0 [ARG...]]\n");
        return 121;
    }
    normal_signals();
    must(syscall(SYS_close_range, 3u, ~0u, 0u), "close_range");
    for (int i = 1; i < end; i++) {
        if (!flag(argv[i], 0)) {
            early(argv[i], argv[i + 1]);
            i++;
        }
    }
    for (int i = end + 2; i < argc; i++) {
        arguments[argument_count++] = argv[i];
    }
    if (own_session) {
        must(setsid(), "setsid");
    }
    if (closed_parent) {
        must(prctl(PR_SET_DUMPABLE, 0), "dumpable");
    }
    if (traced_parent) {
        trace_parent();
    }
    pid_t child = report ? fork() : 0;
    must(child, "fork");
    if (child) {
        return supervise(child);
    }
    if (pid_file) {
        char number[32];
        snprintf(number, sizeof number, "%d %d", getpid(), getppid());
        write_file(pid_file, number);
    }
    for (int i = 1; i < end; i++) {
        if (!strcmp(argv[i], "--drop-bounding")) {
            must(prctl(PR_CAPBSET_DROP, atoi(argv[i + 1]), 0, 0, 0), "bounding");
        }
    }
    refuse();
    become();
    for (int i = 1; i < end; i++) {
        if (!flag(argv[i], 1)) {
            if (!is_early(argv[i])) {
                late(argv[i], argv[i + 1]);
            }
            i++;
        }
    }
    for (int i = 0; i < limit_count; i++) {
        int which;
        long long soft, hard;
        sscanf(limits[i], "%d:%lld:%lld", &which, &soft, &hard);
        struct rlimit limit = { (rlim_t)soft, (rlim_t)hard };
        must(setrlimit((__rlimit_resource_t)which, &limit), "setrlimit");
    }
    execve(argv[end + 1], override ? argv_override : arguments, variables);
    die(argv[end + 1]);
}
