home-lead = Which hardened container images Shared Services Canada (SSC) has procured, when each must be renewed, which ones departments want, and exactly what to type to use one.
home-search = Find an image by name, department or purpose
count-procured = { $n ->
    [one] image procured
   *[other] images procured
}
count-under-consideration = { $n ->
    [one] image under consideration
   *[other] images under consideration
}
count-departments = { $n ->
    [one] department in the catalogue
   *[other] departments in the catalogue
}
count-source = Counted from the catalogue as last changed on
attention = Renewals that need attention
attention-none = No procured image has a renewal date that is past or within 90 days.
attention-passed = { $n ->
    [one] 1 procured image is past its renewal date, and no renewal has been recorded
   *[other] { $n } procured images are past their renewal date, and no renewal has been recorded
}
attention-passed-what = They are neither expired nor dropped as far as this catalogue knows: the dates are those that were published, and SSC has not yet recorded a renewal.
attention-all = See all renewals that need attention
ways = Ways in
way-images = Browse the images
way-images-lead = Search, filter, sort, and take the rows away as CSV, XLSX, JSON or Markdown.
way-using = Use an image
way-using-lead = Sign in to the registry, pull, and build on a hardened image.
way-ask = Request an image
way-ask-lead = Not there yet? Tell SSC what your department needs.
way-departments = See your department
way-departments-lead = What it holds, what it has asked for, and when it renews.
way-demand = See what is needed
way-demand-lead = How many departments need which image, by when, and how firmly.
way-procurement = How procurement works
way-procurement-lead = One pooled licence per image, with all supported versions.
way-changes = See what changed
way-changes-lead = Every change with who, when and why, also as an Atom feed.
