use super::*;
use std::time::SystemTime;

fn logins() -> Arc<Logins> {
    Arc::new(Logins::new(Duration::from_secs(1)))
}

fn session(name: &str) -> SessionId {
    name.into()
}

/// When a log-in ends that ends in so many seconds.
fn within(seconds: u64) -> Expiry {
    Expiry { at: SystemTime::now() + Duration::from_secs(seconds), leeway: Duration::ZERO }
}

#[test]
fn a_session_that_ended_while_its_proof_was_looked_at_renews_nothing() {
    let logins = logins();
    let login = logins.open("ada", Some(session("old")), Some(within(60)));
    let proof = logins.open("ada", Some(session("new")), None);
    logins.end("ada", Ending::LoggedOut, |own| own == Some(&session("new")));
    assert_eq!(login.renew(&proof, Some(within(600))), Err(Ending::LoggedOut));
    assert_eq!(login.state().0, Some(session("old")));
}

#[test]
fn what_has_ended_is_not_renewed() {
    let logins = logins();
    let login = logins.open("ada", Some(session("old")), Some(within(60)));
    let proof = logins.open("ada", Some(session("new")), None);
    logins.end("ada", Ending::Disabled, |own| own == Some(&session("old")));
    assert_eq!(login.renew(&proof, None), Err(Ending::Disabled));
}

#[test]
fn by_the_same_session_a_login_never_ends_sooner_and_by_another_it_ends_with_that() {
    let logins = logins();
    let (sooner, later, latest) = (within(60), within(600), within(6000));
    let login = logins.open("ada", Some(session("one")), Some(later));
    let renew = |name, expiry: Option<Expiry>| {
        let proof = logins.open("ada", Some(session(name)), None);
        login.renew(&proof, expiry).unwrap();
        login.state().1
    };
    assert_eq!(renew("one", Some(sooner)), Some(later.at.into()));
    assert_eq!(renew("one", Some(latest)), Some(latest.at.into()));
    assert_eq!(renew("other", Some(sooner)), Some(sooner.at.into()));
    assert_eq!(renew("endless", None), None);
    assert_eq!(renew("endless", Some(sooner)), None);
    assert_eq!(renew("one", Some(sooner)), Some(sooner.at.into()));
    assert_eq!(logins.lock().schedule.len(), 1);
}

#[test]
fn nobody_is_told_before_they_are_let_in() {
    let logins = Arc::new(Logins::new(Duration::from_secs(3600)));
    let login = logins.open("ada", Some(session("one")), Some(within(60)));
    let next = || logins.lock().schedule.first().unwrap().0;
    let soon = Instant::now() + Duration::from_secs(50);
    assert!(next() > soon);
    logins.extend("ada", &session("one"), within(600));
    assert!(next() > soon);
    login.let_in();
    assert!(next() < soon);
}

#[test]
fn nothing_is_left_of_those_who_are_gone() {
    let logins = logins();
    let login = logins.open("ada", Some(session("one")), Some(within(60)));
    let proof = logins.open("ada", Some(session("two")), Some(within(60)));
    login.renew(&proof, Some(within(600))).unwrap();
    drop((login, proof));
    let tables = logins.lock();
    assert!(tables.logins.is_empty() && tables.by_user.is_empty() && tables.schedule.is_empty());
}
