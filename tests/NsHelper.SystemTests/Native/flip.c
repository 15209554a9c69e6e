// flip A B - exchange two names as fast as the kernel does it, until SIGTERM; then print how often.

#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t ended;

static void end(int number)
{
    (void)number;
    ended = 1;
}

int main(int argc, char **argv)
{
    unsigned long count = 0;

    if (argc != 3 || signal(SIGTERM, end) == SIG_ERR) {
        return 2;
    }
    while (!ended) {
        if (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE) != 0) {
            perror("renameat2");
            return 1;
        }
        count++;
    }
    printf("%lu\n", count);
    return 0;
}
