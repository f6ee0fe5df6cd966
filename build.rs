//! Embeds the static files, compressed and with hashed addresses, and watches the migrations.

fn main() {
    memory_serve::load_directory("static");
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=templates");
}
