//! The benchmark's server on lambdio with a thousand handlers more, a hundred in each of ten namespaces.

#[path = "bench_lambdio/handlers.rs"]
mod handlers;

use lambdio::prelude::*;

/// A handler for each event in each namespace.
macro_rules! serve {
    ([$($namespace:literal)+] $events:tt) => {
        $(serve! { @namespace $namespace $events })+
    };
    (@namespace $namespace:literal [$($event:literal)+]) => {
        $(const _: () = {
            #[handler(namespace = $namespace, event = $event)]
            async fn one_of_many(Data(payload): Data<String>) -> String {
                payload
            }
        };)+
    };
}

serve! {
    ["/" "/1" "/2" "/3" "/4" "/5" "/6" "/7" "/8" "/9"]
    [
        "e00" "e01" "e02" "e03" "e04" "e05" "e06" "e07" "e08" "e09"
        "e10" "e11" "e12" "e13" "e14" "e15" "e16" "e17" "e18" "e19"
        "e20" "e21" "e22" "e23" "e24" "e25" "e26" "e27" "e28" "e29"
        "e30" "e31" "e32" "e33" "e34" "e35" "e36" "e37" "e38" "e39"
        "e40" "e41" "e42" "e43" "e44" "e45" "e46" "e47" "e48" "e49"
        "e50" "e51" "e52" "e53" "e54" "e55" "e56" "e57" "e58" "e59"
        "e60" "e61" "e62" "e63" "e64" "e65" "e66" "e67" "e68" "e69"
        "e70" "e71" "e72" "e73" "e74" "e75" "e76" "e77" "e78" "e79"
        "e80" "e81" "e82" "e83" "e84" "e85" "e86" "e87" "e88" "e89"
        "e90" "e91" "e92" "e93" "e94" "e95" "e96" "e97" "e98" "e99"
    ]
}

fn main() -> lambdio::ExitCode {
    lambdio::App::new().run()
}
