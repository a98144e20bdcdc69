package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// A server can have its data on a small file system of its own, which is mounted where only it sees it. What it meets when
// that is full is what a full disk says, and not what a limit says that looks like one.

// OnDisk gives the data directory a file system of this size, as mount writes it: "12m". It begins empty, so the server
// cannot be restarted on it.
func OnDisk(size string) func(*Server) { return func(s *Server) { s.disk = size } }

// MayMount reports whether this machine lets us mount where only our own processes see it: as root, or as anybody where user
// namespaces are allowed.
func MayMount() bool {
	try := exec.Command("/bin/sh", "-c", `mount -t tmpfs -o size=1m try /mnt`)
	try.SysProcAttr = apart()
	return try.Run() == nil
}

// apart is a process with mounts of its own.
func apart() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Unshareflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		a.Cloneflags = syscall.CLONE_NEWUSER
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	return a
}

func (s *Server) mounted(path string) *exec.Cmd {
	const script = `mount -t tmpfs -o "size=$1,mode=700" hark "$2" && shift 2 && exec "$@"`
	command := exec.Command("/bin/sh", append([]string{"-c", script, "sh", s.disk, s.Data, path}, s.args...)...)
	command.SysProcAttr = apart()
	return command
}

// beside runs a command where the server's file system is seen.
func (s *Server) beside(path string, args []string) *exec.Cmd {
	enter := []string{"--target", strconv.Itoa(s.PID()), "--mount"}
	if os.Getuid() != 0 {
		enter = append(enter, "--user", "--preserve-credentials")
	}
	return exec.Command("nsenter", append(append(enter, path), args...)...)
}

// inside is a file of the server's file system as we reach it from here.
func (s *Server) inside(name string) string {
	return filepath.Join(fmt.Sprintf("/proc/%d/root", s.PID()), s.Data, name)
}

// Fill leaves so many bytes of the server's file system free.
func (s *Server) Fill(t testing.TB, free uint64) {
	t.Helper()
	f, err := os.Create(s.inside("ballast"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for {
		room := s.Room(t)
		if room <= free {
			return
		}
		if _, err := f.Write(make([]byte, min(room-free, 1<<20))); err != nil {
			return // somebody else was faster
		}
	}
}

// Empty removes what Fill put there.
func (s *Server) Empty(t testing.TB) {
	t.Helper()
	if err := os.Remove(s.inside("ballast")); err != nil {
		t.Fatal(err)
	}
}

// Room is how many bytes are free.
func (s *Server) Room(t testing.TB) uint64 {
	t.Helper()
	var disk syscall.Statfs_t
	if err := syscall.Statfs(s.inside(""), &disk); err != nil {
		t.Fatal(err)
	}
	return disk.Bavail * uint64(disk.Bsize)
}
