//! The binary holds the web apps, which Cargo does not know: whenever they were built anew, so is this crate.

fn main() {
    for built in ["../../web/desk/dist", "../../web/widget/dist"] {
        println!("cargo:rerun-if-changed={built}");
    }
}
