package store_test

import (
	"log/slog"
	"os"
	"testing"

	"hark/internal/interpose"
	"hark/store/storetest"
)

func TestMain(m *testing.M) {
	interpose.Main()
	if os.Getenv(writerEnv) != "" {
		writeUntilKilled()
	}
	if os.Getenv(someEnv) != "" {
		writeSome()
	}
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the tests provoke what is logged, and look at what is returned
	storetest.Main(m)
}
