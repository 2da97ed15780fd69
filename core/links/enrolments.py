def handle(session, plugin, user_id): return 'adv_x'
