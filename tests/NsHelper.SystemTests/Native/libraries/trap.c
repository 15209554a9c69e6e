/* trap - a library that must never be loaded: says so in a file as soon as it is. */
#include <fcntl.h>
#include <unistd.h>

__attribute__((constructor)) static void loaded(void)
{
    int fd = open("/mnt/srv/trap/loaded", O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (fd >= 0) {
        close(fd);
    }
}
