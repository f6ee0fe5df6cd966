project-title = Check my project
project-lead = Paste or choose a file that names container images. Each one is answered: the reference to use instead, who else wants it, or how to ask for it.
project-file = File
project-file-hint = A Dockerfile, a Compose file, Kubernetes manifests, Helm values or a plain list, up to 250 kB. A file counts before pasted text.
project-text = Or its text
project-kind = Kind of file
project-kind-any = Find out by name and content
project-dockerfile = Dockerfile
project-compose = Compose file
project-kubernetes = Kubernetes manifests
project-helm = Helm values
project-list = Plain list
project-do = Check
project-again = Check again, with changes
project-another = Check another file
project-forgotten = Nothing is kept
project-forgotten-what = What you send is read, answered and forgotten: it is neither stored nor logged. Do not send protected information or passwords.
project-pipelines = In a pipeline
project-pipelines-what = Send the file as the body. The answer is JSON; “{ $field }” in it says whether SSC has procured every image.
project-read-as = { $n ->
    [0] Read as: { $kind }. No image is named in it.
    [one] Read as: { $kind }. One image.
   *[other] Read as: { $kind }. { $n } images.
}
project-results = What the catalogue says
project-counts = How many of each
project-use = Use SSC’s reference
project-right = From SSC’s registry
project-right-tag = From SSC’s registry, tag not checked
project-right-digest = From SSC’s registry, digest not checked
project-unknown = Not in the catalogue
project-unresolved = Name not known
project-column-image = Image in the file
project-column-lines = Lines
project-column-answer = Answer
project-column-do = What to do
project-lines = { $n ->
    [one] line { $lines }
   *[other] lines { $lines }
}
project-instead = Use instead:
project-tag = Your tag is “{ $name }”: check that it exists there before you use it.
project-no-tag = Add a tag that you have checked.
project-digest = A digest stands for one image alone: look up the new one’s.
project-by-last = Found by the last part of its path, as “{ $name }”: check that it is the same software.
project-right-what = It is pulled from SSC’s registry.
project-tag-unseen = SSC has procured { $name }; whether this tag exists has not been checked.
project-digest-unseen = SSC has procured { $name }; whether this digest exists has not been checked.
project-join = Add your department’s voice
project-unknown-what = No image of the catalogue is called so.
project-ask = Ask for it
project-perhaps = Perhaps you mean:
project-family = Of the same family:
project-unresolved-what = Its name comes from a variable that the file does not set. Check the name that you build with.
project-built = { $n ->
    [one] The file builds one image itself: { $names }. Check its Dockerfile too.
   *[other] The file builds { $n } images itself: { $names }. Check their Dockerfiles too.
}
project-missing = { $n ->
    [one] Ask for the one that nobody has asked for
   *[other] Ask for the { $n } that nobody has asked for
}
project-missing-part = Ask for { $from } to { $to } of those that nobody has asked for
project-join-all = { $n ->
    [one] Join those who asked for the one under consideration
   *[other] Join those who asked for the { $n } under consideration
}
project-join-part = Join those who asked for { $from } to { $to } of those under consideration
project-missing-what = Opens the request form with their names filled in. Nothing is sent before you have seen it.
project-all-right = SSC has procured every image that the file names.
project-all-look = Look at what is said of each before you use it.
project-nothing = No image is named in this file
project-nothing-what = If you expected some, choose the kind of file below and check again.
project-wrong-empty = Paste a text or choose a file that is not empty.
project-wrong-large = The file is larger than 250 kB. Check a part of it.
project-wrong-text = The file is not text in UTF-8. Save it as UTF-8 and check again.
project-wrong-dockerfile = Line { $line } cannot be read as a line of a Dockerfile. Correct it or choose another kind of file.
project-wrong-stage = The Dockerfile has no FROM line. Choose another kind of file if it is none.
project-wrong-yaml = Line { $line } cannot be read as YAML. Correct it or choose another kind of file.
project-wrong-template = Line { $line } is part of a template, not plain YAML. Check the values file or what “helm template” prints.
project-wrong-much = At line { $line } reading ends. { $sentence }
project-wrong-long = Line { $line } is too long for an image. Correct it or choose another kind of file.
project-wrong-many = The file names more than { $n } images. Check it in parts.
