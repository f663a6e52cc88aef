//! `breachscope sim serve|stories`: the small Microsoft cloud by itself.

use crate::cli::{Format, SimArgs, SimServeArgs, SimVerb};
use crate::error::{Code, Trouble};
use crate::progress::Interrupt;
use crate::ui::Ui;
use serde::Serialize;
use sim::{Dials, Running, ServeOptions, Service, World, WorldOptions};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

/// Serves the simulated cloud, or lists the stories that it tells.
pub(crate) fn run(args: &SimArgs, ui: &mut Ui) -> Result<Code, Trouble> {
    let code = match &args.verb {
        SimVerb::Serve(serve) => self::serve(serve, ui)?,
        SimVerb::Stories => {
            stories(ui)?;
            Code::Ok
        }
    };
    ui.flush()?;
    Ok(code)
}

fn stories(ui: &mut Ui) -> Result<(), Trouble> {
    #[derive(Serialize)]
    struct Wire {
        story: String,
        about: String,
    }
    let stories = sim::stories().into_iter();
    let wire = stories.map(|(story, about)| Wire { story, about });
    match ui.format {
        Format::Json => ui.json(&wire.collect::<Vec<_>>()),
        Format::Jsonl => wire.into_iter().try_for_each(|one| ui.json(&one)),
        Format::Csv | Format::Table => wire
            .into_iter()
            .try_for_each(|one| ui.line(&format!("{}: {}", one.story, one.about))),
    }
}

/// How often the flag that an interrupt raises is looked at.
const LOOK: Duration = Duration::from_millis(100);

fn serve(args: &SimServeArgs, ui: &mut Ui) -> Result<Code, Trouble> {
    let defaults = WorldOptions::default();
    let options = WorldOptions {
        seed: args.seed,
        people: args.people.unwrap_or(defaults.people),
        tenants: args.tenants,
        days: args.days.unwrap_or(defaults.days),
        ..defaults
    };
    let world = World::tell(&args.story, &options).map_err(|error| Trouble::Argument {
        what: format!("the story `{}`: {error}", args.story),
        hint: "list them with `breachscope sim stories`".to_owned(),
    })?;
    let running = start(world, args)?;
    if let Some(folder) = &args.write_config {
        write_config(&running, folder)?;
        ui.line(&format!("wrote `{}`", folder.join("config.toml").display()))?;
    }
    for service in Service::ALL {
        ui.line(&format!("{}: {}", service.name(), running.base(service)))?;
    }
    ui.say("ctrl-c ends it and prints what was served");
    ui.flush()?;
    let interrupt = Interrupt::new(ui);
    while !interrupt.is_raised() {
        std::thread::sleep(LOOK);
    }
    let report = running.stop();
    ui.json(&report)?;
    Ok(Code::Ok)
}

fn start(world: World, args: &SimServeArgs) -> Result<Running, Trouble> {
    let dials = match &args.dials {
        None => Dials::default(),
        Some(name) => Dials::preset(name).ok_or_else(|| Trouble::Argument {
            what: format!("the dials `{name}`"),
            hint: format!(
                "they are one of {}",
                Dials::presets().collect::<Vec<_>>().join(", ")
            ),
        })?,
    };
    let options = ServeOptions {
        seed: args.seed,
        speed: args.speed,
        dials,
        tls: args.tls,
        port: args.port,
        quota_per_minute: args.quota,
        ..ServeOptions::default()
    };
    sim::start(world, options).map_err(|error| Trouble::Simulator(Box::new(error)))
}

/// Writes a configuration by which every tenant of the simulated cloud is collected.
pub(crate) fn write_config(running: &Running, folder: &Path) -> Result<(), Trouble> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut text = String::from("[clouds.sim]\nlike = \"commercial\"\n");
    for service in Service::ALL {
        if matches!(service, Service::Elsewhere | Service::Admin) {
            continue;
        }
        let base = quoted(running.base(service));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{} = {base}", service.name());
    }
    let secrets = folder.join("sim");
    make_folder(&secrets)?;
    for tenant in &running.world().tenants {
        let secret = secrets.join(&tenant.id);
        write_for_owner(&secret, &tenant.collector.secret)?;
        let changing = secrets.join(format!("{}.respond", tenant.id));
        write_for_owner(&changing, &tenant.responder.secret)?;
        let list = |names: Vec<&str>| {
            let names: Vec<String> = names.into_iter().map(&quoted).collect();
            names.join(", ")
        };
        let _ = write!(
            text,
            "\n[[tenant]]\nid = {}\nname = {}\ncloud = \"sim\"\ndevops = [{}]\ncollect = {{ client_id = {}, secret = {} }}\n\
             respond = {{ client_id = {}, secret = {} }}\n",
            quoted(&tenant.id),
            quoted(&tenant.name),
            list(tenant.devops.iter().map(|one| one.name.as_str()).collect()),
            quoted(&tenant.collector.client_id),
            quoted(&format!("file:{}", secret.display())),
            quoted(&tenant.responder.client_id),
            quoted(&format!("file:{}", changing.display())),
        );
    }
    let path = folder.join("config.toml");
    std::fs::write(&path, text).map_err(written(&path))?;
    if let Some(pem) = running.authority_pem() {
        let path = folder.join("sim/authority.pem");
        std::fs::write(&path, pem).map_err(written(&path))?;
    }
    Ok(())
}

fn make_folder(folder: &Path) -> Result<(), Trouble> {
    std::fs::create_dir_all(folder).map_err(written(folder))
}

fn write_for_owner(path: &Path, text: &str) -> Result<(), Trouble> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path).map_err(written(path))?;
    file.write_all(text.as_bytes()).map_err(written(path))
}

fn written(path: &Path) -> impl Fn(std::io::Error) -> Trouble {
    let path = path.to_owned();
    move |source| {
        Trouble::Engine(engine::EngineError::Written {
            path: path.clone(),
            source,
        })
    }
}
