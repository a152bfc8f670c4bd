"""The portal's own small set of icons: strokes on a 24 x 24 field, coloured by the text around them.

A name that is not here raises KeyError, so that a page with a misspelt icon fails in its test.
"""
# ruff: noqa: E501  a path is one line

SHAPES = {
    "home": '<path d="M3 11 12 4l9 7v9H3z"/><path d="M9.5 20v-6h5v6"/>',
    "calendar": '<rect x="3" y="5" width="18" height="16" rx="2"/><path d="M3 10h18M8 3v4M16 3v4"/>',
    "projects": '<circle cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="4.5"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2"/>',
    "volunteer": '<path d="M12 21v-9M12 13c-4.5 0-7-2.5-7-7 4.5 0 7 2.5 7 7ZM12 16c3.8 0 6-2.2 6-6-3.8 0-6 2.2-6 6Z"/>',
    "me": '<circle cx="12" cy="8.5" r="4.3"/><path d="M3.5 21c.8-5 4.2-7 8.5-7s7.7 2 8.5 7"/>',
    "family": '<circle cx="8" cy="8" r="3.5"/><circle cx="17" cy="11" r="2.5"/><path d="M2 20c.5-4.5 3-6.5 6-6.5s5.5 2 6 6.5M16.5 16c3 0 4.7 1.4 5.2 4"/>',
    "place": '<path d="M12 21c-4.5-5-7-8.3-7-11a7 7 0 0 1 14 0c0 2.700-2.5 6-7 11Z"/><circle cx="12" cy="10" r="2.5"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "bell": '<path d="M6 16v-5a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4"/>',
    "mail": '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m3.5 7 8.5 6 8.5-6"/>',
    "phone": '<path d="M6 3h4l1.5 5-2.5 1.5c1 2.5 3 4.5 5.5 5.5L16 12.5l5 1.5v4c0 2-1.5 3-3 3C10 21 3 14 3 6c0-1.5 1-3 3-3Z"/>',
    "print": '<path d="M7 9V3h10v6M7 17H3v-7h18v7h-4"/><path d="M7 14h10v7H7z"/>',
    "download": '<path d="M12 3v12M7 10.5l5 5 5-5M4 21h16"/>',
    "check": '<path d="m4 12.5 5.5 5.5L20 7"/>',
    "cross": '<path d="M5 5l14 14M19 5 5 19"/>',
    "plus": '<path d="M12 4v16M4 12h16"/>',
    "arrow": '<path d="M4 12h15M13 6l6 6-6 6"/>',
    "back": '<path d="M20 12H5M11 6l-6 6 6 6"/>',
    "grew": '<path d="M5 4v10h13M13 9l5 5-5 5"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5.5 5.5"/>',
    "book": '<path d="M12 6c-2.5-2-5.5-2.5-9-2.5v15c3.5 0 6.5.5 9 2.5 2.5-2 5.5-2.5 9-2.5v-15c-3.5 0-6.5.5-9 2.5ZM12 6v15"/>',
    "news": '<path d="M4 4h13v16H6a2 2 0 0 1-2-2zM17 9h3v9a2 2 0 0 1-2 2M8 8h5M8 12h5M8 16h5"/>',
    "edit": '<path d="M4 20l1-5L16 4l4 4L9 19z"/>',
    "lock": '<rect x="4" y="11" width="16" height="10" rx="2"/><path d="M8 11V7.5a4 4 0 0 1 8 0V11"/>',
    "warning": '<path d="M12 3 2 21h20zM12 10v5M12 18v.2"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7v.2"/>',
    "wheelchair": '<circle cx="10" cy="4" r="1.5"/><path d="M10 8v6h6l2.5 5H21M10 10.5h5M7 11.5A5.3 5.3 0 1 0 14.5 18"/>',
    "shield": '<path d="M12 2l9 3v7c0 5-4 8-9 10-5-2-9-5-9-10V5z"/>',
}
