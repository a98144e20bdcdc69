// Package interpose stands between a program and the kernel, for tests: it is asked about every system call with which the
// program changes files, before it happens, and may let it fail. So a test can refuse the seventh fsync, or write down in which
// order bytes went to which file and what had been made durable by then, and replay what a power cut would have left.
//
// It uses seccomp's user notifications (seccomp_unotify(2), Linux 5.19), which need no privilege and work on static programs,
// unlike a preloaded library. The filter has to be installed in the process that becomes the program. That is this same test
// binary, started once more: its TestMain calls [Main] first.
package interpose

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Call is one system call that has not happened yet.
type Call struct {
	Name   string // "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "openat", "renameat", "unlinkat"
	FD     int    // of the file that is written or synced
	Path   string // what it is about, absolute; "" for what has no path, such as a pipe that has one only in the kernel
	To     string // of renameat
	Data   []byte // of write and pwrite64
	Offset int64  // of pwrite64; -1 for write
	Size   int64  // of ftruncate
}

// names are the calls that are asked about, by number. Each changes what is on the disk.
var names = map[uint32]string{
	unix.SYS_WRITE: "write", unix.SYS_PWRITE64: "pwrite64", unix.SYS_FSYNC: "fsync", unix.SYS_FDATASYNC: "fdatasync",
	unix.SYS_FTRUNCATE: "ftruncate", unix.SYS_OPENAT: "openat", unix.SYS_RENAMEAT: "renameat", unix.SYS_UNLINKAT: "unlinkat",
}

const launched = "HARK_TEST_INTERPOSE"

// Main turns the process into the program that it was started for, and returns at once in any other process.
func Main() {
	path := os.Getenv(launched)
	if path == "" {
		return
	}
	runtime.LockOSThread()
	os.Unsetenv(launched)
	err := install()
	if err == nil {
		err = syscall.Exec(path, os.Args, os.Environ())
	}
	fmt.Fprintln(os.Stderr, "interpose:", err)
	os.Exit(1)
}

// install puts the filter on this thread, which becomes the program's first, and sends its other end to whoever started us.
func install() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	code := filter()
	prog := unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]}
	flags := unix.SECCOMP_FILTER_FLAG_NEW_LISTENER | unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
	fd, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, uintptr(flags), uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return errno
	}
	return unix.Sendmsg(socket, []byte{1}, unix.UnixRights(int(fd)), nil, 0)
}

// socket is where the launched process finds its end of the socket pair.
const socket = 3

// filter lets every call pass but those with a name.
func filter() []unix.SockFilter {
	code := []unix.SockFilter{{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}} // the number is what seccomp_data begins with
	for number := range names {
		code = append(code,
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: number, Jt: 0, Jf: 1},
			unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_USER_NOTIF})
	}
	return append(code, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW})
}

// Start starts a command and asks about its calls, one after the other, until it ends. ask returns 0 to let a call happen, or
// what it fails with. The caller waits for the command; asked is closed when nothing will be asked any more.
func Start(command *exec.Cmd, ask func(Call) syscall.Errno) (asked <-chan struct{}, err error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	theirs := os.NewFile(uintptr(pair[1]), "interpose")
	command.Env = append(command.Environ(), launched+"="+command.Path, "GODEBUG=asyncpreemptoff=1")
	command.Path, command.ExtraFiles = os.Args[0], []*os.File{theirs}
	err = command.Start()
	theirs.Close()
	defer unix.Close(pair[0])
	if err != nil {
		return nil, err
	}
	listener, err := receive(pair[0])
	if err != nil {
		return nil, errors.Join(err, command.Process.Kill(), command.Wait())
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer unix.Close(listener)
		answer(listener, ask)
	}()
	return done, nil
}

// receive takes the filter's other end out of the socket.
func receive(from int) (fd int, err error) {
	one, rights := make([]byte, 1), make([]byte, unix.CmsgSpace(4))
	_, n, _, _, err := unix.Recvmsg(from, one, rights, unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		return 0, err
	}
	messages, err := unix.ParseSocketControlMessage(rights[:n])
	if err != nil || len(messages) != 1 {
		return 0, errors.Join(err, errors.New("the program ended before it began"))
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil {
		return 0, err
	}
	return fds[0], nil
}

// notice and reply are struct seccomp_notif and struct seccomp_notif_resp (linux/seccomp.h).
type notice struct {
	id          uint64
	pid, flags  uint32
	number      uint32
	arch        uint32
	instruction uint64
	args        [6]uint64
}

type reply struct {
	id    uint64
	value int64
	errno int32
	flags uint32
}

func answer(listener int, ask func(Call) syscall.Errno) {
	for {
		var n notice
		poll := []unix.PollFd{{Fd: int32(listener), Events: unix.POLLIN}}
		if _, err := unix.Poll(poll, -1); err != nil && !errors.Is(err, unix.EINTR) || poll[0].Revents&unix.POLLHUP != 0 {
			return // the program is gone
		}
		switch control(listener, unix.SECCOMP_IOCTL_NOTIF_RECV, unsafe.Pointer(&n)) {
		case 0:
		case unix.ENOENT, unix.EINTR:
			continue // the thread was killed before it was heard
		default:
			return
		}
		r := reply{id: n.id, flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE}
		if errno := ask(n.call()); errno != 0 {
			r = reply{id: n.id, errno: -int32(errno)}
		}
		control(listener, unix.SECCOMP_IOCTL_NOTIF_SEND, unsafe.Pointer(&r))
	}
}

func control(fd int, request uintptr, data unsafe.Pointer) syscall.Errno {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), request, uintptr(data))
	return errno
}

// call reads what the call is about out of the program's memory.
func (n notice) call() Call {
	c := Call{Name: names[n.number], Offset: -1}
	switch a := n.args; c.Name {
	case "openat", "unlinkat":
		c.Path = n.at(a[0], a[1])
	case "renameat":
		c.Path, c.To = n.at(a[0], a[1]), n.at(a[2], a[3])
	default:
		c.FD = int(int32(a[0]))
		c.Path = n.open(a[0])
		n.detail(&c)
	}
	return c
}

func (n notice) detail(c *Call) {
	switch c.Name {
	case "write":
		c.Data = n.memory(n.args[1], n.args[2])
	case "pwrite64":
		c.Data, c.Offset = n.memory(n.args[1], n.args[2]), int64(n.args[3])
	case "ftruncate":
		c.Size = int64(n.args[1])
	}
}

// open is the path of an open file, "" for pipes and sockets.
func (n notice) open(fd uint64) string {
	link := fmt.Sprintf("/proc/%d/fd/%d", n.pid, int32(fd))
	if int32(fd) == unix.AT_FDCWD {
		link = fmt.Sprintf("/proc/%d/cwd", n.pid)
	}
	path, _ := os.Readlink(link)
	if !strings.HasPrefix(path, "/") {
		return ""
	}
	return strings.TrimSuffix(path, " (deleted)")
}

// at is a path that is relative to an open directory.
func (n notice) at(dir, name uint64) string {
	path := n.memory(name, 4096)
	if end := bytes.IndexByte(path, 0); end >= 0 {
		path = path[:end]
	}
	if filepath.IsAbs(string(path)) {
		return string(path)
	}
	return filepath.Join(n.open(dir), string(path))
}

// memory copies bytes of the program, fewer where its memory ends.
func (n notice) memory(address, size uint64) []byte {
	data := make([]byte, size)
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", n.pid))
	if err != nil {
		return nil
	}
	defer memory.Close()
	read, _ := memory.ReadAt(data, int64(address))
	return data[:max(read, 0)]
}
