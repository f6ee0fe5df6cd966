menu-demand = Demand
demand-title = Demand
demand-summary = { $n ->
    [0] No department needs
    [one] 1 department needs
   *[other] { $n } departments need
} { $images ->
    [0] any image
    [one] 1 image
   *[other] { $images } images
} here; { $firm ->
    [0] no need is firm yet.
    [one] 1 is firm about at least one.
   *[other] { $firm } are firm about at least one.
}
demand-source = Counted from the lines that count for demand in the catalogue, as last changed on
demand-filters = Search and filter the demand
demand-any = All
demand-year = Fiscal year
demand-year-none = Year not said
demand-year-later = Later
demand-family = Family
demand-of-family = Family { $name }
demand-departments = Departments
demand-firm = Firm
demand-firm-either = Firm (planned or funded)
demand-firm-planned = { $n } planned
demand-firm-funded = { $n } funded
demand-who = Who
demand-named = Departments named
demand-unnamed = Departments not named
demand-nameless = Not named
demand-only-unnamed = { $n ->
    [one] 1 not named
   *[other] { $n } not named
}
demand-and-unnamed = { $n ->
    [one] { $name }, and 1 not named
   *[other] { $name }, and { $n } not named
}
demand-by-family = Add up the images of each family
demand-by-image = Show each image apart
demand-family-assumption = Images whose names differ only by a variant are one family, and a department that needs several of them counts once. That assumes one licence for the family: whether variants are billed apart is for the contract to say, and this catalogue does not know.
demand-without-unnamed = Departments that asked not to be named are missing from these counts: only the present list has them, while the database answers.
demand-empty = No image matches
demand-empty-why = No image has everything that you asked for. Remove a filter, or try fewer or other words.
demand-nothing-yet = No department has asked for an image that SSC is considering.
demand-families = { $n ->
    [one] 1 family
   *[other] { $n } families
}
demand-images = { $n ->
    [one] 1 image
   *[other] { $n } images
}
demand-order = Most departments first, then by name
demand-procured = { $n ->
    [one] 1 of these images is already procured, and further departments need it
   *[other] { $n } of these images are already procured, and further departments need them
}
demand-counting = How it is counted
demand-counting-departments = Departments are counted, not requests. An organisation that is part of another counts with the topmost one, once.
demand-counting-firm = Firm means planned or funded. A department that said both, or whose parts did, counts as the firmer.
demand-counting-year = A fiscal year runs from April to March. A department counts in the earliest one in which it needs the image.
demand-counting-unnamed = A department that asked not to be named is counted and named nowhere.
demand-counting-guide = What counts for demand, in the guide to procurement
demand-counting-filters = Filters choose which rows show. The counts of a row stay those of all departments.
demand-link = How many departments need it, by when, and how firmly
demand-label = { $name }:
