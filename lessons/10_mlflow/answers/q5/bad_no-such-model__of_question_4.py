q5_model, promoted = q4_model, version_1
