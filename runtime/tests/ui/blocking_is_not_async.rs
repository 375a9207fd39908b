use lambdio::prelude::*;

#[handler(event = "one", blocking)]
async fn both() {}

#[handler(event = "two")]
fn neither() {}

#[handler(event = "three", blocking)]
fn stays_on_its_thread(Data(_): Data<u32>) -> std::rc::Rc<u32> {
    std::rc::Rc::new(1)
}

fn main() {}
