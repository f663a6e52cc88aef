//! The web page: its policy, its independence, its plain tables.

use crate::specimen::Specimen;
use report::html;

fn page(messages: usize) -> String {
    let specimen = Specimen::new(messages);
    let mut out = Vec::new();
    html::write(&specimen.document(), &mut out).expect("a page");
    String::from_utf8(out).expect("UTF-8")
}

fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text.split_once(from).expect(from);
    rest.split_once(to).expect(to).0
}

#[test]
fn nothing_is_fetched() {
    let page = page(3).replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    for fetching in [
        "src=", "http:", "https:", "url(http", "@import", "<link", "<iframe", " style=",
    ] {
        assert!(!page.contains(fetching), "{fetching}");
    }
}

#[test]
fn a_small_table_is_plain_and_a_large_one_is_data_with_a_word_for_readers_without_scripts() {
    let rows = |page: &str| page.matches("<tr><td class=\"class\">").count();
    let small = page(200);
    assert_eq!(rows(&small), 200);
    assert!(!small.contains("<noscript>"));
    let large = page(201);
    assert_eq!(rows(&large), 0);
    assert!(large.contains("its 201 rows are in the CSV and XLSX files"));
}

#[test]
fn a_section_and_a_tile_are_written_like_this() {
    let page = page(1);
    let tile = format!(
        "<li>{}</li>",
        between(&page, "<ul class=\"counts\">\n<li>", "</li>")
    );
    insta::assert_snapshot!(tile, @r#"<li><span class="letter"><span class="swatch solid alarm" aria-hidden="true"></span>E</span><span class="amount">1</span><span class="name">Left the organisation</span><span class="meaning">sent or forwarded by the intruder</span></li>"#);
    let heading = format!("<section{}</h2>", between(&page, "<section", "</h2>"));
    insta::assert_snapshot!(heading, @r#"
    <section aria-labelledby="s1-statement">
    <h2 id="s1-statement"><span class="number">1</span> Executive statement</h2>
    "#);
    let empty = between(&page, "data-name=\"files\">\n", "\n</div>");
    insta::assert_snapshot!(empty, @r#"
    <h3 id="b6-1-title">Files <span class="total">0 rows</span></h3>
    <p class="empty">No file was opened by the application: SharePoint was audited without a gap.</p>
    "#);
}
