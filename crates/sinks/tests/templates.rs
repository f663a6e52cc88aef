//! Templates of an operator: used where they are right, told where they are wrong.

use crate::cards::{all, card, email, slack, teams, text, webhook};
use sinks::{Card, Destination, FIELDS, Limits, TEMPLATES, Templates};

fn render(templates: &Templates, destination: &Destination, card: &Card) -> sinks::Rendered {
    sinks::render(destination, card, templates, &Limits::default())
}

#[test]
fn the_built_in_ones_are_taken_as_an_operators() {
    for (name, sentence, source) in TEMPLATES {
        assert!(sentence.ends_with('.'));
        let mut templates = Templates::new();
        assert_eq!(templates.set(name, source), Ok(()), "{name}");
        for destination in all() {
            let mut of_own = render(&templates, &destination, &card());
            of_own.shortened = false;
            let mut built_in = render(&Templates::new(), &destination, &card());
            built_in.shortened = false;
            assert_eq!(of_own, built_in, "{name}");
        }
    }
}

#[test]
fn words_of_an_operator_stand_in_every_card() {
    let mut templates = Templates::new();
    templates
        .set(
            "title.txt",
            "Alarm {{ severity }} bei {{ tenant }}: {{ headline }}",
        )
        .unwrap();
    templates.set("rows.txt", "Wann: {{ when.utc }}\nWer: {{ who }}\n{% for line in what %}\nWas: {{ line }}\n{% endfor %}\n").unwrap();
    for destination in [
        teams("https://x.invalid"),
        slack("https://x.invalid"),
        email(25),
        webhook("https://x.invalid", true),
    ] {
        let preview = render(&templates, &destination, &card()).preview();
        assert!(preview.contains("Alarm high bei Contoso"), "{preview}");
        assert!(
            preview.contains("Wann") && preview.contains("2026-03-14 07:12:09 UTC"),
            "{preview}"
        );
        assert!(!preview.contains("First evidence"), "{preview}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_changes_nothing() {
    for (name, source, line, words) in [
        (
            "title.txt",
            "{{ severity }}\n{{ nobody }}",
            Some(2),
            "undefined",
        ),
        ("title.txt", "a\nb {% if %}", Some(2), "syntax"),
        ("title.txt", "{{ headline | safe }}", Some(1), "safe"),
        (
            "rows.txt",
            "{% for x in range(100000) %}{% for y in range(100000) %}x{% endfor %}{% endfor %}",
            None,
            "",
        ),
        ("teams.json", "{\"type\": \"AdaptiveCard\",", None, "JSON"),
        (
            "teams.json",
            "{\"type\": \"MessageCard\"}",
            None,
            "AdaptiveCard",
        ),
        (
            "teams.json",
            "{\"type\":\"AdaptiveCard\",\"actions\":[{\"type\":\"Action.Submit\"}]}",
            None,
            "Action.OpenUrl",
        ),
        (
            "teams.json",
            "{\"type\":\"AdaptiveCard\",\"body\":[{\"type\":\"Image\",\"url\":\"https://x\"}]}",
            None,
            "picture",
        ),
        (
            "teams.json",
            "{\"type\":\"AdaptiveCard\",\"selectAction\":{\"type\":\"Action.OpenUrl\",\"url\":\"{{ who }}\"}}",
            None,
            "link",
        ),
        ("slack.json", "{\"text\":\"x\"}", None, "blocks"),
        (
            "slack.json",
            "{\"text\":\"x\",\"blocks\":[{\"type\":\"image\",\"image_url\":\"https://x\"}]}",
            None,
            "image",
        ),
        (
            "slack.json",
            "{\"text\":\"x\",\"channel\":\"#x\",\"blocks\":[]}",
            None,
            "nothing else",
        ),
        (
            "email.html",
            "<p>\n<img src=\"https://x\">",
            Some(2),
            "<img",
        ),
        ("ticket.json", "[", None, "JSON"),
        ("other.txt", "x", None, "none of that name"),
    ] {
        let mut templates = Templates::new();
        let trouble = templates.set(name, source).unwrap_err();
        assert_eq!(trouble.template, name);
        assert!(trouble.to_string().contains(words), "{trouble}");
        if line.is_some() {
            assert_eq!(trouble.line, line, "{trouble}");
        }
        for destination in all() {
            assert_eq!(
                render(&templates, &destination, &card()),
                render(&Templates::new(), &destination, &card())
            );
        }
    }
}

#[test]
fn a_template_that_fails_on_a_card_is_told_and_a_card_goes_out() {
    let mut templates = Templates::new();
    // Fine for the trial, but not for a card without tags.
    let source = "{\"type\":\"AdaptiveCard\",\"body\":[{\"type\":\"TextBlock\",\"text\":\"{{ who }}{% if who == 'bad@x.test' %}{{ nobody }}{% endif %}\"}]}";
    templates.set("teams.json", source).unwrap();
    let fine = render(&templates, &teams("https://x.invalid"), &card());
    assert_eq!(fine.troubles, []);
    let bad = Card {
        who: text("bad@x.test"),
        ..card()
    };
    let rendered = render(&templates, &teams("https://x.invalid"), &bad);
    assert_eq!(rendered.troubles.len(), 1);
    assert_eq!(rendered.troubles[0].template, "teams.json");
    assert!(rendered.preview().contains("RichTextBlock"));
}

#[test]
fn markdown_of_a_record_is_text_in_a_block_of_text_too() {
    let mut templates = Templates::new();
    templates
        .set("teams.json", "{\"type\":\"AdaptiveCard\",\"body\":[{\"type\":\"TextBlock\",\"text\":\"**{{ severity }}** {{ headline }}\"}]}")
        .unwrap();
    let card = Card {
        headline: text("[x](http://evil.example) **b** {{DATE(1)}}"),
        ..card()
    };
    let preview = render(&templates, &teams("https://x.invalid"), &card).preview();
    let message: serde_json::Value = serde_json::from_str(&preview).unwrap();
    assert_eq!(
        message["attachments"][0]["content"]["body"][0]["text"],
        "**high** \\[x\\]\\(http\\[:\\]//evil\\[.\\]example\\) \\*\\*b\\*\\* \\{\\{DATE\\(1\\)\\}\\}"
    );
}

#[test]
fn no_way_around_escaping_is_open_to_a_template() {
    let bad = Card {
        headline: text("<script>\"x\"</script>"),
        ..card()
    };
    for source in [
        "<p>{% autoescape false %}{{ headline }}{% endautoescape %}</p>",
        "<p>{% set x = headline %}{{ x }}</p>",
        "<p>{{ headline ~ '' }}</p>",
        "<p>{% set x %}{{ headline }}{% endset %}{{ x }}</p>",
        "<p>{% filter upper %}{{ headline }}{% endfilter %}</p>",
    ] {
        let mut templates = Templates::new();
        if templates.set("email.html", source).is_err() {
            continue;
        }
        let preview = render(&templates, &email(25), &bad).preview();
        let (_, html) = preview.split_once("--- HTML ---").unwrap();
        assert!(!html.to_lowercase().contains("<script"), "{source}: {html}");
    }
}

#[test]
fn every_field_that_is_documented_is_there() {
    for (field, sentence) in FIELDS {
        assert!(sentence.ends_with('.'), "{field}");
        let mut templates = Templates::new();
        let source = format!("{{{{ headline }}}}{{% if {field} %}} {{{{ {field} }}}}{{% endif %}}");
        assert_eq!(templates.set("title.txt", &source), Ok(()), "{field}");
    }
}
