departments-title = Departments
departments-lead = What each department and agency holds and what it has asked for.
departments-counted = { $n ->
    [one] Each organisation stands here with its own lines, and so does the line of departments that are not named. In the counts of other pages, a part counts with its whole and that line for nobody: they show 1 department.
   *[other] Each organisation stands here with its own lines, and so does the line of departments that are not named. In the counts of other pages, a part counts with its whole and that line for nobody: they show { $n } departments.
}
departments-active = In the catalogue
departments-others = Other departments and agencies
departments-none = No department has an image in the catalogue yet.
department-holds = { $n ->
    [one] holds 1 image
   *[other] holds { $n } images
}
department-wants = { $n ->
    [one] wants 1 image
   *[other] wants { $n } images
}
field-acronym = Acronym
department-other-name = In French
department-parent = Part of
department-parts = Organisations that are part of it
department-aliases = Also written
department-unconfirmed = A file named this department, and nobody has said yet which organisation it is. Its name is shown as written.
department-held = What it holds
department-held-none = SSC has procured no image under this department’s name.
department-wanted = What it wants
department-wanted-none = This department has asked for no image.
department-all = See these rows in the list, to sort or download them
departments-edit-title = Departments and agencies
departments-edit-lead = Names, acronyms, parents and every spelling by which files call them. Those that nobody has confirmed come first.
departments-edit-add = Add an organisation
departments-unconfirmed-badge = To be confirmed
department-edit-title = Change { $name }
department-new-title = Add an organisation
department-acronym-en = Acronym in English
department-acronym-fr = Acronym in French
department-name-en = Applied title in English
department-name-fr = Applied title in French
department-no-parent = None: it stands for itself
department-aliases-hint = One a line. Files that use one of these spellings mean this organisation.
department-confirmed = It is confirmed which organisation this is
department-missing = Fill this in: up to 200 characters on one line.
department-taken = “{ $name }” is what another organisation is called. Choose another, or change that one first.
department-parent-wrong = Choose an organisation that is not part of this one.
department-meanwhile = Look at what they changed, below. The form has your words; saving now replaces theirs where they differ.
