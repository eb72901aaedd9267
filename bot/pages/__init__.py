"""Pages for phones and desks: signing in through the platform, forms, files (aiohttp + `templates/pages/`)."""
