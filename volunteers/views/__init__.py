"""Pages of volunteering: calls for hands, a team's rota, and what the links in its mails open."""
