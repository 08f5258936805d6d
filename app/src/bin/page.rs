//! The page's program: shows the page. The worker's program is apart, so that this one stays small.

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

#[cfg(target_arch = "wasm32")]
fn main() {
    if let Some(root) = waymark_app::device::root() {
        let page = root.clone();
        leptos::mount::mount_to(root, move || waymark_app::pages::app().show_in(&page)).forget();
    }
}
