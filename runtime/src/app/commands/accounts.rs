//! `accounts`: who may log in.

use super::output::{print, show_warnings};
use crate::{
    app::error::explain,
    auth::{self, Accounts, Logins, Tokens},
    config::Config,
    mongo::Mongo,
};
use clap::{Args, Subcommand};
use std::{
    io::{BufRead, IsTerminal},
    sync::Arc,
};

/// Adds accounts, and says what their users may do
///
/// The accounts are those of `[auth.accounts]`, in the database that the configuration names; a server may run meanwhile. The
/// first administrator is made here: who registers over HTTP has no role.
#[derive(Debug, Args)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_long_help = "\
Examples:
  {program} accounts add ada --role admin
  {program} accounts add ada < password.txt
  {program} accounts roles ada editor reader
  {program} accounts list"
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Adds an account, and asks for its password
    ///
    /// The password is asked for twice on a terminal and not shown. Where standard input is no terminal, its first line is
    /// the password. It is never an argument: other users of the machine could read it there.
    Add {
        /// What the user is called: 1 to 64 letters and digits, with . _ - ' or a space between them
        #[arg(value_parser = name)]
        name: String,
        /// A role that the user has. May be given several times
        #[arg(long = "role", value_name = "ROLE", value_parser = role)]
        roles: Vec<String>,
    },
    /// Gives an account these roles and no other
    ///
    /// Sockets of who loses a role are closed by a running server within `auth.check_interval`.
    Roles {
        /// What the user is called
        name: String,
        /// The roles; none takes all away
        #[arg(value_name = "ROLE", value_parser = role)]
        roles: Vec<String>,
    },
    /// Lists all accounts: name, roles, and whether they are disabled
    List,
}

/// Said where there are no accounts.
pub(super) const OFF: &str = "there are no accounts: add the table [auth.accounts] to the configuration";

pub(super) fn run(config: &Config, arguments: Arguments) -> Result<(), String> {
    let _logging = show_warnings();
    if config.settings().auth.accounts.is_none() {
        return Err(OFF.to_owned());
    }
    let password = match &arguments.command {
        Command::Add { name, .. } => Some(password(name)?),
        Command::Roles { .. } | Command::List => None,
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let tokens = Tokens::start(config).map_err(|error| format!("auth.keys: {error}"))?;
        let mongo = Mongo::reach(&config.settings().mongo).await.map_err(|error| error.to_string())?;
        let logins = Arc::new(Logins::new(config.settings().auth.expiry_notice));
        let done = match auth::accounts(config, Some(tokens), Some(mongo.database()), &logins, &Arc::default()) {
            Some(accounts) => execute(&mongo, &accounts, arguments.command, password).await,
            None => Err(OFF.to_owned()),
        };
        mongo.stop().await;
        done
    })
}

async fn execute(mongo: &Mongo, accounts: &Accounts, command: Command, password: Option<String>) -> Result<(), String> {
    let failed = |error: crate::Error| explain(&error);
    match command {
        Command::Add { name, roles } => {
            // no two accounts of one name, also where no server has run yet
            mongo.create_collections([auth::account_collection()]).await.map_err(|error| error.to_string())?;
            let id = accounts.create(&name, password.unwrap_or_default(), roles).await.map_err(failed)?;
            print(&format!("added {name} ({id})"))?;
        }
        Command::Roles { name, roles } => {
            if !accounts.set_roles_of(&name, &roles).await.map_err(failed)? {
                return Err(format!("there is no account {name:?}"));
            }
            print(&format!("{name} has {}", if roles.is_empty() { "no role".to_owned() } else { roles.join(", ") }))?;
        }
        Command::List => {
            for account in accounts.list().await.map_err(failed)? {
                let state = if account.disabled { "  disabled" } else { "" };
                print(format!("{:24}{}{state}", account.name, account.roles.join(", ")).trim_end())?;
            }
        }
    }
    Ok(())
}

/// The password of a new account: from the terminal, else the first line of standard input.
fn password(name: &str) -> Result<String, String> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        let mut line = String::new();
        stdin.lock().read_line(&mut line).map_err(|error| format!("standard input: {error}"))?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let ask = |question: &str| rpassword::prompt_password(question).map_err(|error| format!("the terminal: {error}"));
    let password = ask(&format!("Password of {name}: "))?;
    if ask("Once more: ")? != password {
        return Err("the two passwords differ".to_owned());
    }
    Ok(password)
}

/// A name as an account takes it: nobody types a password for one that it does not take.
fn name(text: &str) -> Result<String, String> {
    auth::check_account_name(text).map_err(|error| error.message().to_owned())?;
    Ok(text.to_owned())
}

/// A role as the configuration takes it.
fn role(text: &str) -> Result<String, String> {
    crate::config::check_role(text)?;
    Ok(text.to_owned())
}
