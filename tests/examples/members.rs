//! An application whose namespaces ask who is there: `/members` requires a login, `/guests` welcomes everybody.

use lambdio::prelude::*;

fn main() -> lambdio::ExitCode {
    lambdio::App::new().run()
}

#[event(namespace = "/members", name = "note")]
struct Note(String);

/// Sends a note to all sockets of one user.
#[handler(namespace = "/members", event = "tell")]
async fn tell(Args((user_id, text)): Args<(String, String)>, emitter: Emitter) -> Result<(), lambdio::Error> {
    Ok(emitter.to_user(&user_id).emit(&Note(text))?)
}

/// Sends a note to everybody but the sockets of the caller.
#[handler(namespace = "/members", event = "tell_others")]
async fn tell_others(Data(text): Data<String>, user: User, emitter: Emitter) -> Result<(), lambdio::Error> {
    Ok(emitter.all().except_user(user.id()).emit(&Note(text))?)
}

/// Who the caller is.
#[handler(namespace = "/members", event = "who_am_i")]
async fn member(user: User) -> Vec<String> {
    vec![user.id().to_owned(), user.name().to_owned()]
}

/// Who the caller is, if anybody.
#[handler(namespace = "/guests", event = "who_am_i")]
async fn guest(user: Option<User>) -> Option<String> {
    user.map(|user| user.name().to_owned())
}

/// A route for those who are logged in.
#[route(get = "/me")]
async fn me(user: User) -> String {
    user.name().to_owned()
}

/// Puts all sockets of one user out. Says how many they were.
#[handler(namespace = "/members", event = "put_out")]
async fn put_out(Data(user_id): Data<String>, emitter: Emitter) -> usize {
    emitter.to_user(&user_id).disconnect("/members")
}
