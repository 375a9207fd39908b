use lambdio::prelude::*;

#[event(namespace = "/chat")]
struct Unnamed;

#[event(event = "said")]
struct Said;

#[event(name = "asked", ack = "bool")]
struct Asked;

#[event(name = "called")]
fn called() {}

struct Plain;

#[event(name = "answered", ack = Plain)]
struct Answered;

fn main() {}
