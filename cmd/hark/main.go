// Hark is the support desk that keeps its word: one binary with the server, the demo and every operator command.
//
// This file is the table of commands; each has a file of its own. Commands translate flags into a call of package desk
// or policy and print what comes back; they hold no rules. Errors go to standard error with exit status 1, wrong calls
// exit 2.
package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

var version = "dev" // set by the Makefile

// where says which database a command works on; every command takes it.
type where struct {
	Data        string `help:"Directory of the embedded database and its files." default:"./hark-data" placeholder:"DIR"`
	DatabaseURL string `help:"PostgreSQL instead of the embedded database." placeholder:"URL"`
	S3          string `name:"s3" env:"HARK_S3" help:"Keep files in a bucket instead of the directory." placeholder:"https://KEY:SECRET@HOST/BUCKET[/PREFIX][?region=R]"`
	JSON        bool   `help:"Answer in JSON."`
}

type commands struct {
	where
	ShowVersion kong.VersionFlag `name:"version" env:"-" help:"Print the version."`

	Serve    serveCmd    `cmd:"" help:"Run the desk."`
	Demo     demoCmd     `cmd:"" help:"Run a desk with a support team's days in it, where no mail leaves and the clock can be moved."`
	Simulate simulateCmd `cmd:"" help:"Let a scenario happen under a policy, and see what comes of it."`
	Policy   policyCmd   `cmd:"" help:"Lint, print, compare, apply policies."`
	Calendar calendarCmd `cmd:"" help:"Ask a policy's calendars."`
	User     userCmd     `cmd:"" help:"People."`
	Token    tokenCmd    `cmd:"" help:"API tokens."`
	Mailbox  mailboxCmd  `cmd:"" help:"Addresses the desk receives for."`
	DKIM     dkimCmd     `cmd:"" name:"dkim" help:"Sign the mail of a domain; prints the DNS record to publish."`
	Mail     mailCmd     `cmd:"" help:"Read raw mail, or take it in."`
	Import   importCmd   `cmd:"" help:"Bring old mail and customers into the desk. Nobody is mailed."`
	Ticket   ticketCmd   `cmd:"" help:"List and show tickets."`
	Backup   backupCmd   `cmd:"" help:"Write everything the desk remembers to one file, while it goes on working."`
	Restore  restoreCmd  `cmd:"" help:"Fill an empty data directory or database from a backup."`
	Doctor   doctorCmd   `cmd:"" help:"Look for everything that could be wrong, and say how to mend it."`
	Clock    clockCmd    `cmd:"" help:"Move a demo's clock."`
	Keys     keysCmd     `cmd:"" help:"The desk's own secrets."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database's schema up to this version."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

type versionCmd struct{}

func (versionCmd) Run(out *Out) error {
	return out.Print(map[string]string{"version": version}, "hark "+version)
}

func main() { os.Exit(run(os.Args[1:])) }

// run executes one command line and returns the exit status.
func run(args []string) int {
	var cmd commands
	parser := kong.Must(&cmd,
		kong.Name("hark"),
		kong.Description("The support desk that keeps its word."),
		kong.DefaultEnvars("HARK"), // every flag: --smtp-out is HARK_SMTP_OUT
		kong.Vars{"version": "hark " + version},
	)
	ctx, err := parser.Parse(negative(args))
	if err != nil {
		fmt.Fprintf(os.Stderr, "hark: %v\nTry hark --help.\n", err)
		return 2
	}
	out := &Out{Stdout: os.Stdout, Stderr: os.Stderr, JSON: cmd.JSON}
	if err := ctx.Run(out, &cmd.where); err != nil {
		fmt.Fprintf(os.Stderr, "hark: %v\n", err)
		return 1
	}
	return 0
}

// negative lets an argument such as -5h reach its command, which says what is wrong with it. Otherwise it is read as the
// flag -5, and the answer is about flags.
func negative(args []string) []string {
	for i, arg := range args {
		if len(arg) > 1 && arg[0] == '-' && arg[1] >= '0' && arg[1] <= '9' && i > 0 && !strings.HasPrefix(args[i-1], "--") {
			return append(slices.Delete(slices.Clone(args), i, i+1), "--", arg)
		}
	}
	return args
}
