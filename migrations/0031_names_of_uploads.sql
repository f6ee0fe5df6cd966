-- Which images a person said that names of an upload mean: `Python=python-3`, or `Python=new`. Kept while they turn its pages.

alter table uploads add column images text[] not null default '{}';
