// deaf DIRECTORY UID - mount there a file system of that user's which never answers, as a FUSE server that hangs, open to all (allow_other); until standard input ends.

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char options[128];
    char byte;
    int device;

    if (argc != 3) {
        return 2;
    }
    device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (device < 0) {
        perror("/dev/fuse");
        return 1;
    }
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=%s,group_id=%s,allow_other", device, argv[2], argv[2]);
    if (mount("deaf", argv[1], "fuse", MS_NOSUID | MS_NODEV, options) != 0) {
        perror("mount");
        return 1;
    }
    puts("mounted");
    fflush(stdout);
    while (read(0, &byte, 1) > 0) {
    }
    return 0;
}
