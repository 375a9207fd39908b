//! `accounts`: the first administrator, and what users may do.

use lambdio_tests::{Ended, Program, World, trials};
use serde_json::json;
use std::path::Path;

trials![
    an_account_that_was_added_logs_in_with_its_roles,
    a_terminal_is_asked_for_the_password_twice_and_shows_none,
    roles_are_given_and_taken,
    what_cannot_be_an_account_is_told,
    without_accounts_there_is_nothing_to_add_to,
    accounts_are_added_beside_a_server_with_the_embedded_database,
];

const PASSWORD: &str = "a horse of staples";

/// A database on a busy machine may take its time.
const PATIENT: &str = "mongo.server_selection_timeout=8s";

async fn accounts(program: Program, arguments: &[&str]) -> Ended {
    program.set(PATIENT).args(["accounts"]).args(arguments.iter().copied()).run().await
}

async fn add(program: Program, arguments: &[&str]) -> Ended {
    program.set(PATIENT).password(PASSWORD).args(["accounts", "add"]).args(arguments.iter().copied()).run().await
}

async fn an_account_that_was_added_logs_in_with_its_roles(world: World) {
    let added = add(world.members(), &["Ada", "--role", "admin", "--role", "editor"]).await;
    assert_eq!(added.code, Some(0), "{}", added.stderr);
    let server = world.members().await;
    let ada = server.client("ada").await;
    let login = ada.post("/auth/login", json!({"name": "ada", "password": PASSWORD})).await;
    assert_eq!((login.status, &login.json["roles"]), (200, &json!(["admin", "editor"])), "{}", login.text);
}

/// Runs `$1` at a terminal, which script(1) gives it. Types the two lines of standard input, each once it is asked for and the
/// terminal shows nothing of what is typed.
const AT_A_TERMINAL: &str = r#"
coproc script -qec "tty; exec $1" /dev/null
pid=$COPROC_PID
exec 3<&"${COPROC[0]}" 4>&"${COPROC[1]}"
IFS=$'\r' read -r terminal <&3
while read -r typed; do
    read -d : -r asked <&3 && echo "$asked:"
    until stty -F "$terminal" -a | grep -q -e ' -echo '; do :; done
    echo "$typed" >&4
done
cat <&3
wait "$pid"
"#;

async fn a_terminal_is_asked_for_the_password_twice_and_shows_none(world: World) {
    let settings = "[auth.accounts]\nbcrypt_cost = 4\n[namespaces]\n\"/members\".auth = \"required\"\n\
                    \"/rooms\".auth = \"required\"\n\"/guests\".auth = \"optional\"\n";
    let at_a_terminal = |name: &str, again: &str| {
        let members = world.example("members").with_database().file("config/local.toml", settings);
        let command = format!("{} accounts add {name}", members.executable().display());
        let folder = members.folder().to_owned();
        let typed = members.password(PASSWORD).input(&format!("{PASSWORD}\n{again}\n"));
        typed.installed(Path::new("/bin/bash"), &folder).args(["-c", AT_A_TERMINAL, "bash", &command]).run()
    };
    let added = at_a_terminal("Ada", PASSWORD).await;
    let said: Vec<&str> = added.stdout.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(said.get(..2), Some(&["Password of Ada:", "Once more:"][..]), "{} {}", added.stdout, added.stderr);
    assert!(said.last().is_some_and(|line| line.starts_with("added Ada")), "{}", added.stdout);
    assert!(!added.stdout.contains(PASSWORD), "{}", added.stdout);
    assert_eq!(added.code, Some(0));
    let other = at_a_terminal("Bob", "a horse of stables").await;
    assert!(other.stdout.contains("error: the two passwords differ"), "{}", other.stdout);
    assert_eq!(other.code, Some(1));
    let server = world.members().await;
    let login = json!({"name": "ada", "password": PASSWORD});
    assert_eq!(server.client("ada").await.post("/auth/login", login).await.status, 200);
}

async fn roles_are_given_and_taken(world: World) {
    for name in ["Bob", "Ada"] {
        assert_eq!(add(world.members(), &[name]).await.code, Some(0));
    }
    let given = accounts(world.members(), &["roles", "ada", "editor", "reader"]).await;
    assert_eq!((given.code, given.stdout.trim()), (Some(0), "ada has editor, reader"), "{}", given.stderr);
    let listed = accounts(world.members(), &["list"]).await;
    let lines: Vec<Vec<&str>> = listed.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines, [vec!["Ada", "editor,", "reader"], vec!["Bob"]]);
    let taken = accounts(world.members(), &["roles", "ada"]).await;
    assert_eq!(taken.stdout.trim(), "ada has no role");
    let nobody = accounts(world.members(), &["roles", "eve", "editor"]).await;
    assert_eq!(nobody.code, Some(1));
    assert!(nobody.stderr.contains("no account \"eve\""), "{}", nobody.stderr);
}

async fn what_cannot_be_an_account_is_told(world: World) {
    assert_eq!(add(world.members(), &["Ada"]).await.code, Some(0));
    let short = world.members().input("short\n").args(["accounts", "add", "Bob"]).run().await;
    for (ended, part) in [(add(world.members(), &["aDA"]).await, "taken"), (short, "at least 8 characters")] {
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
        assert!(ended.stderr.contains(part), "{part:?} is missing in: {}", ended.stderr);
    }
    // what is wrong with the command is told before a password is asked for
    for (arguments, part) in
        [(&["Eve", "--role", " admin"][..], "a space at its ends"), (&["a/b"][..], "a name has 1 to 64 letters")]
    {
        let ended = add(world.members(), arguments).await;
        assert_eq!(ended.code, Some(2));
        assert!(ended.stderr.contains(part), "{}", ended.stderr);
    }
}

async fn without_accounts_there_is_nothing_to_add_to(world: World) {
    let ended = add(world.probe(), &["Ada"]).await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("add the table [auth.accounts]"), "{}", ended.stderr);
}

async fn accounts_are_added_beside_a_server_with_the_embedded_database(world: World) {
    let data = world.dir().join("data");
    let program =
        world.probe().set("auth.accounts.bcrypt_cost=4").set(&format!("mongo.embedded.data_dir={}", data.display()));
    let server = program.clone().await;
    let added = add(program.clone(), &["Ada", "--role", "admin"]).await;
    assert_eq!(added.code, Some(0), "{}", added.stderr);
    let login = server.client("ada").await.post("/auth/login", json!({"name": "Ada", "password": PASSWORD})).await;
    assert_eq!((login.status, &login.json["roles"]), (200, &json!(["admin"])), "{}", login.text);
}
