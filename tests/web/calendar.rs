//! The renewals as a calendar, read by a parser that did not write it.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarValue};

use crate::support::Site;

fn parse(text: &str) -> ICalendar {
    ICalendar::parse(text).expect("a calendar")
}

fn events(calendar: &ICalendar) -> Vec<&ICalendarComponent> {
    calendar.components.iter().filter(|part| part.component_type == ICalendarComponentType::VEvent).collect()
}

fn value<'c>(part: &'c ICalendarComponent, property: &ICalendarProperty) -> &'c ICalendarValue {
    &part.property(property).unwrap_or_else(|| panic!("{property:?}")).values[0]
}

fn words(part: &ICalendarComponent, property: &ICalendarProperty) -> String {
    value(part, property).as_text().expect("a text").to_owned()
}

fn day(part: &ICalendarComponent, property: &ICalendarProperty) -> String {
    let date = value(part, property).as_partial_date_time().expect("a date");
    assert!(date.hour.is_none(), "a day has no hour");
    format!("{}-{:02}-{:02}", date.year.unwrap(), date.month.unwrap(), date.day.unwrap())
}

fn summaries(calendar: &ICalendar) -> Vec<String> {
    events(calendar).into_iter().map(|event| words(event, &ICalendarProperty::Summary)).collect()
}

#[tokio::test]
async fn every_procured_line_with_a_date_is_a_day_of_the_calendar_in_both_languages() {
    let site = Site::with(crate::support::CAST, &["--public-url", "https://images.example.gc.ca"]).await;
    let answer = site.get("/en/renewals.ics").await;
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"renewals-2026-11-22.ics\"");
    assert_eq!(site.get("/en/renewals.ics").await.text(), answer.text(), "nothing in it is made up anew");
    let calendar = parse(answer.text());
    let all = events(&calendar);
    assert_eq!(
        summaries(&calendar),
        ["Renew Python (SSC)", "Renew Soon Due (SSC)", "Renew chart-iamguarded (CSE)", "Renew Long Lasting (SSC)"]
    );
    let python = all[0];
    assert_eq!(day(python, &ICalendarProperty::Dtstart), "2026-03-01");
    assert_eq!(day(python, &ICalendarProperty::Dtend), "2026-03-02");
    assert_eq!(
        words(python, &ICalendarProperty::Description),
        "For Shared Services Canada (SSC)\nRenewal date passed, not confirmed (266 days ago)\n\
         Can I use it today? Yes, but check first. SSC has procured it, but its renewal date (2026-03-01) passed 266 days \
         ago and nobody has confirmed what happened.\n\
         https://images.example.gc.ca/en/images/python"
    );
    assert!(python.uid().unwrap().ends_with("@images.example.gc.ca"));
    let alarms = calendar.components.iter().filter(|part| part.component_type == ICalendarComponentType::VAlarm);
    assert_eq!(alarms.count(), 8);
    for fixed in ["TRIGGER:-P90D\r\n", "TRIGGER:-P30D\r\n", "TRANSP:TRANSPARENT\r\n", "DTSTART;VALUE=DATE:20260301\r\n"]
    {
        assert!(answer.text().contains(fixed), "{fixed}");
    }
    for head in ["X-WR-CALNAME;VALUE=TEXT:Renewals", "REFRESH-INTERVAL;VALUE=DURATION:PT43200S\r\n"] {
        assert!(answer.text().contains(head), "{head}");
    }
    let french = site.get("/fr/renouvellements.ics").await;
    assert_eq!(french.header("content-disposition"), "attachment; filename=\"renouvellements-2026-11-22.ics\"");
    let calendar = parse(french.text());
    assert_eq!(summaries(&calendar)[0], "Renouveler Python (SPC)");
    assert!(words(events(&calendar)[0], &ICalendarProperty::Description).contains("passée, non confirmée (il y a 266"));
    assert_eq!(french.text().matches("END:VCALENDAR").count(), 1);
}

#[tokio::test]
async fn an_event_stays_the_same_when_its_line_is_renewed() {
    let site = Site::with_cast().await;
    let before = site.get("/en/renewals.ics").await;
    let etag = before.header("etag").to_owned();
    site.import("Image name,Renewal date,Department,Status\nPython,2027-03-01,SSC,Procured\n", "r.csv", "Renewed")
        .await;
    let after = site.get("/en/renewals.ics").await;
    let (before, after) = (parse(before.text()), parse(after.text()));
    let python = |calendar: &ICalendar| {
        let event = events(calendar).into_iter().find(|one| words(one, &ICalendarProperty::Summary).contains("Python"));
        event.expect("an event").clone()
    };
    let (was, is) = (python(&before), python(&after));
    assert_eq!(was.uid(), is.uid());
    assert_eq!(day(&is, &ICalendarProperty::Dtstart), "2027-03-01");
    let sequence = |event: &ICalendarComponent| match value(event, &ICalendarProperty::Sequence) {
        ICalendarValue::Integer(number) => *number,
        other => panic!("{other:?}"),
    };
    assert!(sequence(&is) > sequence(&was));
    let fresh = site.get("/en/renewals.ics").await.header("etag").to_owned();
    assert_ne!(fresh, etag);
    let again = Request::get("/en/renewals.ics").header("if-none-match", fresh).body(Body::empty()).unwrap();
    assert_eq!(site.send(again).await.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn long_names_are_folded_by_octets_and_come_back_whole() {
    let name = "Données géospatiales, éphémères; dépôt \\ réplicas à l’échelle — ".repeat(3).trim().to_owned();
    let rows = format!("Image name,Renewal date,Department,Status\n\"{name}\",2027-05-01,PSPC,Procured\n");
    let site = Site::with(&rows, &[]).await;
    let answer = site.get("/fr/renouvellements.ics").await;
    let long: Vec<_> = answer.text().split("\r\n").filter(|line| line.len() > 75 || line.contains('\n')).collect();
    assert!(long.is_empty(), "{long:?}");
    assert_eq!(summaries(&parse(answer.text())), [format!("Renouveler {name} (SPAC)")]);
}

#[tokio::test]
async fn a_calendar_of_departments_has_theirs_alone_and_an_empty_catalogue_an_empty_one() {
    let site = Site::with_cast().await;
    let summaries_at = async |address: &str| summaries(&parse(site.get(address).await.text()));
    assert_eq!(summaries_at("/en/renewals.ics?department=CST").await, ["Renew chart-iamguarded (CSE)"]);
    assert_eq!(summaries_at("/fr/renouvellements.ics?department=CSE&department=SPC").await.len(), 4);
    assert_eq!(summaries_at("/en/renewals.ics?department=NRCan").await.len(), 0);
    assert!(site.get("/en/renewals.ics?department=CSE").await.text().contains("Renewals of hardened images – CSE\r\n"));
    let refused = site.get("/fr/renouvellements.ics?department=Nulle%20part").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text().contains("Nulle part"));
    for (page, calendar) in [
        ("/en", "/en/renewals.ics"),
        ("/fr/images", "/fr/renouvellements.ics"),
        ("/en/images?department=CSE&q=x", "/en/renewals.ics?department=CSE"),
        ("/fr/ministeres/CST", "/fr/renouvellements.ics?department=CST"),
    ] {
        let answer = site.get(page).await;
        assert_eq!(answer.attributes("link[type='text/calendar']", "href"), [calendar], "{page}");
        assert_eq!(answer.attributes(&format!("main a[href='{calendar}']"), "href").len(), 1, "{page}");
    }
    let empty = Site::with("", &[]).await.get("/en/renewals.ics").await;
    assert_eq!(events(&parse(empty.text())).len(), 0);
}

#[tokio::test]
async fn a_calendar_shows_a_year_back_and_three_years_ahead_and_every_day_where_it_is_asked_to() {
    let rows = "Image name,Renewal date,Department,Status\nLong Ago,2025-11-21,SSC,Procured\n\
                A Year Ago,2025-11-22,SSC,Procured\nIn Three Years,2029-11-22,CSE,Procured\nLater,2029-11-23,CSE,Procured\n";
    let site = Site::with(rows, &["--public-url", "https://images.example.gc.ca"]).await;
    let at = async |address: &str| parse(site.get(address).await.text());
    assert_eq!(summaries(&at("/en/renewals.ics").await), ["Renew A Year Ago (SSC)", "Renew In Three Years (CSE)"]);
    assert_eq!(summaries(&at("/en/renewals.ics?period=all").await).len(), 4);
    let of_one = at("/fr/renouvellements.ics?department=SSC&period=all").await;
    assert_eq!(summaries(&of_one), ["Renouveler Long Ago (SPC)", "Renouveler A Year Ago (SPC)"]);
    for (address, says) in [
        (
            "/en/renewals.ics",
            "Renewals from 2025-11-22 to 2029-11-22. For all years: https://images.example.gc.ca/en/renewals.ics?period=all",
        ),
        (
            "/fr/renouvellements.ics",
            "toutes les années\u{a0}: https://images.example.gc.ca/fr/renouvellements.ics?period=all",
        ),
        ("/en/renewals.ics?period=all", "Renewals of all years"),
    ] {
        let text = site.get(address).await.text().replace("\r\n ", "");
        assert!(text.contains(&format!("X-WR-CALDESC;VALUE=TEXT:{says}")) || text.contains(says), "{address}: {text}");
    }
    for (page, all) in [
        ("/en", "/en/renewals.ics?period=all"),
        ("/en/images?department=CSE", "/en/renewals.ics?department=CSE&period=all"),
        ("/fr/ministeres/CST", "/fr/renouvellements.ics?department=CST&period=all"),
    ] {
        assert_eq!(site.get(page).await.attributes(&format!("main a[href='{all}']"), "href").len(), 1, "{page}");
    }
    assert_eq!(site.get("/en/renewals.ics?period=century").await.status, StatusCode::BAD_REQUEST);
}
