//! The command line as a newcomer meets it: its help, and completions in a shell.

use lambdio_tests::{World, trials};
use std::{fs, io::ErrorKind, path::Path, process::Command};

trials![
    every_command_has_help_with_examples,
    a_misspelt_command_leads_to_the_right_one,
    bash_completes_commands,
    each_shell_that_is_promised_gets_its_completions,
    what_cannot_be_written_is_a_failure,
];

async fn every_command_has_help_with_examples(world: World) {
    let mut commands = vec![vec![]];
    let names = ["serve", "check", "config", "schema", "handlers", "invoke", "accounts", "completions"];
    commands.extend(names.map(|name| vec![name]));
    commands.extend(["add", "roles", "list"].map(|name| vec!["accounts", name]));
    for command in commands {
        let ended = world.documents().args(command.iter().copied()).args(["--help"]).run().await;
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{command:?}");
        let name = ["help"].into_iter().chain(command).collect::<Vec<_>>().join("_");
        insta::assert_snapshot!(name, ended.stdout);
    }
}

async fn a_misspelt_command_leads_to_the_right_one(world: World) {
    let ended = world.probe().args(["chekc"]).run().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    assert!(ended.stderr.contains("'check'"), "{}", ended.stderr);
}

async fn bash_completes_commands(world: World) {
    let ended = world.probe().args(["completions", "bash"]).run().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let script = world.dir().join("completions.bash");
    fs::write(&script, ended.stdout).expect("the script can be written");
    let ask = "source \"$0\"; COMP_WORDS=(probe che); COMP_CWORD=1; _probe probe che probe; echo \"${COMPREPLY[@]}\"";
    let answer = Command::new("bash").args(["-ec", ask]).arg(&script).output().expect("bash runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim().to_owned();
    assert_eq!((text(answer.stdout), text(answer.stderr)), ("check".to_owned(), String::new()));
}

async fn each_shell_that_is_promised_gets_its_completions(world: World) {
    let help = world.probe().args(["completions", "--help"]).run().await.stdout;
    let shells = help.split_once("[possible values: ").and_then(|(_, rest)| rest.split_once(']'));
    let shells: Vec<&str> = shells.map(|(shells, _)| shells.split(", ").collect()).unwrap_or_default();
    assert!(["bash", "fish", "zsh"].iter().all(|shell| shells.contains(shell)), "{shells:?} in: {help}");
    for shell in shells {
        let ended = world.probe().args(["completions", shell]).run().await;
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{shell}");
        for part in ["probe", "completions", "handlers", "profile"] {
            assert!(ended.stdout.contains(part), "{part:?} is missing for {shell}: {}", ended.stdout);
        }
        // they have an option that reads a script and runs nothing of it
        if !["bash", "fish", "zsh"].contains(&shell) {
            continue;
        }
        let script = world.dir().join(format!("completions.{shell}"));
        fs::write(&script, ended.stdout).expect("the script can be written");
        match Command::new(shell).arg("-n").arg(&script).output() {
            Ok(read) => {
                let said = [read.stdout, read.stderr].concat();
                assert!(read.status.success() && said.is_empty(), "{shell}: {}", String::from_utf8_lossy(&said));
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::NotFound, "{shell}: {error}"),
        }
    }
}

async fn what_cannot_be_written_is_a_failure(world: World) {
    let shell = |redirection: &str| {
        let probe = world.probe();
        let command = format!("{} schema {redirection}", probe.executable().display());
        let folder = probe.folder().to_owned();
        probe.installed(Path::new("/bin/bash"), &folder).args(["-o", "pipefail", "-c", &command]).run()
    };
    let full = shell("> /dev/full").await;
    assert_eq!(full.code, Some(1));
    assert!(full.stderr.starts_with("error: standard output: "), "{}", full.stderr);
    let cut = shell("| head -1").await;
    assert_eq!((cut.code, cut.stdout.trim(), cut.stderr.as_str()), (Some(0), "{", ""));
}
