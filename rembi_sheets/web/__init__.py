"""The page: the pipeline's second face, in a browser. Bytes in, `pipeline`, bytes out; what it says, `check` says.

    limits   what a visitor may use, all in one place       visits    a visit's folder, its workbooks, when it ends
    pool     processes that do the work, with limits        jobs      what they do: path in, plain data out
    excerpt  a finding's row as a piece of its sheet        report    a check as plain data for the page
    guard    who may ask, and from where                    app       the application; its pages are in `pages`

Only `jobs` calls the pipeline, and it runs in the processes of `pool`; a visitor's file is never opened elsewhere.
"""
