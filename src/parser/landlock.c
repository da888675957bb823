/*
 * libc has no wrappers and older kernel headers miss newer rights, hence our
 * own constants; they are part of the kernel's interface and never change
 * (Documentation/userspace-api/landlock.rst).
 */
#include "parser/landlock.h"

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#endif
#ifndef __NR_landlock_restrict_self
#define __NR_landlock_restrict_self 446
#endif

#define CREATE_RULESET_VERSION 1u

#define ACCESS_FS_ABI1 ((1ULL << 13) - 1) /* execute ... make_sym */
#define ACCESS_FS_REFER (1ULL << 13)	  /* ABI 2 */
#define ACCESS_FS_TRUNCATE (1ULL << 14)	  /* ABI 3 */
#define ACCESS_NET_TCP 3ULL		  /* ABI 4: bind, connect */
#define ACCESS_FS_IOCTL_DEV (1ULL << 15)  /* ABI 5 */
#define SCOPED_ALL 3ULL			  /* ABI 6: abstract sockets, signals */

struct ruleset_attr {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;
	uint64_t scoped;
};

static int attr_of_abi(long abi, struct ruleset_attr *attr)
{
	attr->handled_access_fs = ACCESS_FS_ABI1;
	if (abi >= 2)
		attr->handled_access_fs |= ACCESS_FS_REFER;
	if (abi >= 3)
		attr->handled_access_fs |= ACCESS_FS_TRUNCATE;
	if (abi >= 5)
		attr->handled_access_fs |= ACCESS_FS_IOCTL_DEV;
	attr->handled_access_net = abi >= 4 ? ACCESS_NET_TCP : 0;
	attr->scoped = abi >= 6 ? SCOPED_ALL : 0;
	return abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
}

int landlock_deny_all(void)
{
	struct ruleset_attr attr;
	long abi = syscall(__NR_landlock_create_ruleset, NULL, 0,
			   CREATE_RULESET_VERSION);
	long ruleset;
	long denied;

	if (abi < 1)
		return 0;
	/* A ruleset without a rule: what is handled is denied everywhere. */
	ruleset = syscall(__NR_landlock_create_ruleset, &attr,
			  (size_t)attr_of_abi(abi, &attr), 0);
	if (ruleset < 0)
		return 0;
	denied = syscall(__NR_landlock_restrict_self, (int)ruleset, 0);
	close((int)ruleset);
	return denied == 0 ? (int)abi : 0;
}
