"""Arrow table in, plotly figure out; pure.

`base` holds the look and the helpers; each page's figures have a module of their own. Every
figure function has a sibling `describe_*` that says its takeaway in one sentence.
"""
