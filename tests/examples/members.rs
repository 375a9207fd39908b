//! An application whose namespaces ask who is there: `/members` requires a login, `/guests` welcomes everybody.

use lambdio::prelude::*;
use std::time::Duration;

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

/// Lets nobody in before three seconds have passed.
#[connect(namespace = "/porch", auth = "required")]
async fn wait_outside() {
    tokio::time::sleep(Duration::from_secs(3)).await;
}

/// Something that anybody in the namespace may ask.
#[handler(namespace = "/rooms", event = "ping")]
async fn ping() -> &'static str {
    "pong"
}

/// Never comes to an end by itself.
#[handler(namespace = "/members", event = "sleep", timeout = "1h")]
async fn sleep() {
    std::future::pending::<()>().await;
}

/// The sessions of a user, by what their clients call themselves.
#[handler(namespace = "/members", event = "sessions_of")]
async fn sessions_of(Data(user_id): Data<String>, sessions: Sessions) -> Result<Vec<Option<String>>, lambdio::Error> {
    Ok(sessions.of_user(&user_id).await?.into_iter().map(|session| session.user_agent).collect())
}

/// Ends the caller's own session.
#[handler(namespace = "/members", event = "end_mine")]
async fn end_mine(user: User, sessions: Sessions) -> Result<bool, lambdio::Error> {
    match user.session() {
        Some(session) => sessions.end(user.id(), session).await,
        None => Ok(false),
    }
}

/// Ends all sessions of a user. Says how many sockets were closed.
#[handler(namespace = "/members", event = "end_all")]
async fn end_all(Data(user_id): Data<String>, sessions: Sessions) -> Result<usize, lambdio::Error> {
    sessions.end_all(&user_id).await
}

/// Lets a user log in no more.
#[handler(namespace = "/members", event = "disable")]
async fn disable(Data(user_id): Data<String>, sessions: Sessions) -> Result<bool, lambdio::Error> {
    sessions.disable(&user_id).await
}

/// Lets a user log in again.
#[handler(namespace = "/members", event = "enable")]
async fn enable(Data(user_id): Data<String>, sessions: Sessions) -> Result<bool, lambdio::Error> {
    sessions.enable(&user_id).await
}

/// Gives a user these roles.
#[handler(namespace = "/members", event = "set_roles")]
async fn set_roles(
    Args((user_id, roles)): Args<(String, Vec<String>)>,
    sessions: Sessions,
) -> Result<bool, lambdio::Error> {
    sessions.set_roles(&user_id, roles).await
}

/// The caller's roles.
#[handler(namespace = "/members", event = "my_roles")]
async fn my_roles(user: User) -> Vec<String> {
    user.roles().to_vec()
}
