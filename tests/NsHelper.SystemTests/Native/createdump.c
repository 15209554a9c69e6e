/* createdump - what an attacker plants under the name of the runtime's dump tool: notes that it ran, and as whom. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    char line[64];
    int fd = open("/mnt/srv/dump/ran", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    int length = snprintf(line, sizeof line, "uid %u euid %u\n", getuid(), geteuid());
    return fd < 0 || write(fd, line, (size_t)length) != length;
}
