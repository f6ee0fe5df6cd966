departments-title = Departments
departments-lead = What each department and agency holds and what it has asked for.
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
